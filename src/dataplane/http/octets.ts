/**
 * Which octets may stand where in a message head (RFC 9110 §5, RFC 9112 §2–3). Heads are read as latin1, one character an octet, so a table of
 * 256 entries answers every question; what stands beyond the text is of no kind.
 */

export const CR = 0x0d;
export const LF = 0x0a;
export const SP = 0x20;
export const HTAB = 0x09;
export const COLON = 0x3a;

/** Letters, digits and the marks that make a method, a field name or a coding. */
export const TOKEN = 1;
/** What a field value may hold: visible characters, space, tab, and octets above 127. */
export const VALUE = 2;
/** What a request target may hold: visible characters and octets above 127. */
export const TARGET = 4;

const CLASSES: Uint8Array = (() => {
  const classes = new Uint8Array(256);
  for (let octet = 0x21; octet < 0x100; octet++) if (octet !== 0x7f) classes[octet] = VALUE | TARGET;
  classes[SP] = VALUE;
  classes[HTAB] = VALUE;
  for (const mark of "!#$%&'*+-.^_`|~") classes[mark.charCodeAt(0)] = VALUE | TARGET | TOKEN;
  for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz') {
    classes[character.charCodeAt(0)] = VALUE | TARGET | TOKEN;
  }
  return classes;
})();

export function is(octet: number, kind: number): boolean {
  return ((CLASSES[octet] ?? 0) & kind) !== 0;
}

/** Index of the first character from `at` on that is not of that kind. */
export function skip(text: string, at: number, kind: number): number {
  let index = at;
  // Beyond the end the code is NaN and the masked index 0, which is of no kind; the mask spares the engine its bounds check.
  while (((CLASSES[text.charCodeAt(index) & 0xff] ?? 0) & kind) !== 0) index += 1;
  return index;
}

/** 0…15 for a hexadecimal digit, -1 for anything else. */
export function hexValue(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
