/**
 * Text from outside (names in a plan, paths on the wire, what a service said) made safe to print: a control character could move a terminal's
 * cursor or hide a line, and a bidirectional override could make a sentence read as another one. Every reporter passes foreign text through here.
 */

/** C0 and C1 controls, line and paragraph separators, and the characters that change the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** Replaces each unprintable character by its code, like `\u{1b}`; tabs and line ends become spaces. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (c) => (/[\t\n\r]/.test(c) ? ' ' : `\\u{${c.charCodeAt(0).toString(16)}}`));
}

/** At most `lengthMax` characters, with an ellipsis in place of what was cut. */
export function shorten(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${[...text].slice(0, Math.max(0, lengthMax - 1)).join('')}…`;
}
