/**
 * Text from outside (names in a plan, paths on the wire, what a service said) made safe to print: a control character could move a terminal's
 * cursor or hide a line, and a bidirectional override could make a sentence read as another one. Every reporter passes foreign text through here.
 */

/** Controls, line and paragraph separators, and the characters that change the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Replaces each unprintable character by its code, like `\u{1b}`; tabs and line ends become spaces. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (c) => (/[\t\n\r]/.test(c) ? ' ' : `\\u{${c.charCodeAt(0).toString(16)}}`));
}

/** At most `lengthMax` characters, with an ellipsis in place of what was cut. */
export function shorten(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  // A pair cut in half would be printed as a question mark.
  const kept = text.slice(0, Math.max(0, lengthMax - 1)).replace(/[\ud800-\udbff]$/, '');
  return `${kept}…`;
}
