/** Whatever the text is, the answer is a plan or a LabError, and it comes soon. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/core/errors.js';
import { describePlan } from '../../src/experiment/describe.js';
import { planText, SMALL } from '../support/experiment.js';

const shipped = readFileSync(new URL('../../experiments/gray-failure.yaml', import.meta.url), 'utf8');
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.now() * 1e6) % 2 ** 31);
const SECONDS = 4;

/** `undefined` when it was accepted; throws whatever is not a LabError. */
function refusal(text: string): LabError | undefined {
  try {
    describePlan(planText(text));
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

/** Words that mean something to YAML, to templates or to JavaScript. */
const splinter = fc.oneof(
  fc.constantFrom(
    '&a ',
    '*a',
    '<<: ',
    '${',
    '}',
    '${inputs.',
    '${link.',
    '!!binary ',
    '!!set ',
    '? ',
    ': ',
    '- ',
    '|',
    '>-',
    '---\n',
    '...',
    '%YAML 1.1\n',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'null',
    '~',
    '.nan',
    '-.inf',
    '1e400',
    '0x10',
    '""',
    "''",
    '[',
    ']',
    '{',
    '}',
    '#',
    '\t',
    '\r',
    '\n',
  ),
  fc.constantFrom('load', '*', 'web/*', '/', '->', 'apis', '-1', '9'.repeat(400), '12h', '1000000h', '100%', '[[]]', '{{}}'),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
interface Cut {
  at: number;
  length: number;
  put: string;
}
const cut: fc.Arbitrary<Cut> = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(12), put: splinter });

function mutate(text: string, cuts: readonly Cut[]): string {
  return cuts.reduce((now, { at, length, put }) => {
    const from = Math.floor(at * now.length);
    return now.slice(0, from) + put + now.slice(from + length);
  }, text);
}

/** Replaces one whole value or key: this reaches deeper than cuts, which mostly break the syntax. */
const word = /[A-Za-z0-9"./*$}{-]+/g;
function replaceWord(text: string, at: number, put: string): string {
  const words = [...text.matchAll(word)];
  const chosen = words[Math.floor(at * words.length)] ?? words[0];
  if (chosen === undefined) return text;
  return text.slice(0, chosen.index) + put + text.slice(chosen.index + chosen[0].length);
}

const bounds = { seed, interruptAfterTimeLimit: SECONDS * 1000, numRuns: 20_000, markInterruptAsFailure: false } as const;

describe(`any text (FUZZ_SEED=${seed})`, () => {
  test('mutations of the shipped experiment never throw anything but a LabError', () => {
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        const error = refusal(mutate(shipped, cuts));
        expect(error === undefined || error.code === 'PLAN_INVALID').toBe(true);
      }),
      bounds,
    );
  });

  test('replaced words of a small experiment never throw anything but a LabError, and every message names a place', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), splinter, (at, put) => {
        const error = refusal(replaceWord(SMALL, at, put));
        expect(error?.message ?? 'small.yaml:1:1  ').toMatch(/^small\.yaml:\d+:\d+ {2}/);
      }),
      bounds,
    );
  });

  test('arbitrary text never throws anything but a LabError', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(splinter, fc.string()), { maxLength: 40 }), (parts) => {
        expect(refusal(parts.join(''))?.code).toBe('PLAN_INVALID');
      }),
      bounds,
    );
  });

  test('the judge of these tests would notice: another error comes through', () => {
    expect(() => refusal(undefined as unknown as string)).toThrow(TypeError);
  });
});
