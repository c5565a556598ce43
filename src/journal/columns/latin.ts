/**
 * Strings as bytes that lie somewhere: what was read from a file can be looked up and kept without ever being made into a string. A byte is a character, so only
 * Latin characters can be said like this; for others there are strings.
 */

/** Good only until whoever handed it out goes on: it is a place in his buffer. */
export interface Latin {
  bytes: Buffer;
  from: number;
  to: number;
}

export type Text = string | Latin;

/** Nowhere yet: to be written to, or to be pointed at what was read. */
export function emptyLatin(): Latin {
  return { bytes: Buffer.alloc(0), from: 0, to: 0 };
}

export function textOf(text: Text): string {
  return typeof text === 'string' ? text : text.bytes.toString('latin1', text.from, text.to);
}

/** Writes a string to where another was, with more room if it needs that; false if it has other characters. */
export function writeLatin(text: string, into: Latin): boolean {
  if (into.bytes.length < text.length) into.bytes = Buffer.alloc(2 * text.length);
  const { bytes } = into;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charCodeAt(i);
    if (character > 0xff) return false;
    bytes[i] = character;
  }
  into.from = 0;
  into.to = text.length;
  return true;
}
