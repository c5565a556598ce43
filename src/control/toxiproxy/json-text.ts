/** Writes JSON as Go does: no spaces, `<`, `>` and `&` escaped, numbers of 32-bit floats in their shortest form. */
import type { GoValue } from './json-scanner.js';

const ESCAPED = /[<>&\u2028\u2029]/g;

export function stringText(text: string): string {
  return JSON.stringify(text).replace(ESCAPED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The shortest text that reads back as the same 32-bit float. */
export function float32Text(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

export function valueText(value: GoValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'bool':
      return String(value.value);
    case 'number':
      return value.text;
    case 'string':
      return stringText(value.value);
    case 'array':
      return `[${value.items.map(valueText).join(',')}]`;
    case 'object':
      return objectText(value.entries.map(([key, item]) => [key, valueText(item)]));
  }
}

/** An object from keys and texts of values, in the order given. */
export function objectText(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, text]) => `${stringText(key)}:${text}`).join(',')}}`;
}
