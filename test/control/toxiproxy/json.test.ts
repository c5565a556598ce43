import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from '../../../src/control/toxiproxy/json-scanner.js';
import { float32Text, stringText, valueText } from '../../../src/control/toxiproxy/json-text.js';

const scan = (text: string) => scanJson(Buffer.from(text));

describe('the scanner', () => {
  it('reads whatever is JSON, and what it writes reads back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('', ' ', ' {', 'x'), (value, tail) => {
        const text = JSON.stringify(value);
        // A number goes on in what would be its next character.
        if (typeof value === 'number') expect(JSON.parse(valueText(scan(`${text} `)))).toEqual(JSON.parse(text));
        else expect(JSON.parse(valueText(scan(text + tail)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('throws nothing but syntax errors, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((s) => Buffer.from(`{"a":[${s}`)),
        ),
        (bytes) => {
          try {
            scanJson(Buffer.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
          }
        },
      ),
    );
    expect(() => scan('['.repeat(100_000))).toThrow('exceeded max depth');
  });

  it.each([
    ['', 'EOF'],
    ['  ', 'EOF'],
    ['{"a"', 'unexpected EOF'],
    ['{a', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1', "invalid character '1' after object key"],
    ['{"a":1 1', "invalid character '1' after object key:value pair"],
    ['{"a":01}', "invalid character '1' after object key:value pair"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['ä', "invalid character 'Ã' looking for beginning of value"],
  ])('refuses %s in Go’s words', (text, message) => {
    expect(() => scan(text)).toThrow(new SyntaxError(message));
  });
});

describe('the writer', () => {
  it('escapes what Go escapes', () => {
    expect(stringText('a<b>&\u2028"\\\u0001ü')).toBe('"a\\u003cb\\u003e\\u0026\\u2028\\"\\\\\\u0001ü"');
  });

  it('finds the shortest text of a 32-bit float', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = float32Text(value);
        expect(Object.is(Math.fround(Number(text)), value)).toBe(true);
        expect(text.replace(/[-.]|e.*$|^-?0\.0*/g, '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(9);
      }),
    );
    expect([0.1, 1e-7, 1e21, 16_777_216].map((value) => float32Text(Math.fround(value)))).toEqual(['0.1', '1e-7', '1e+21', '16777216']);
  });
});
