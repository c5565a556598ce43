/**
 * A part of a head as text of its own. V8 makes a slice of a string by pointing into the whole of it, so a path of twenty characters that is
 * recorded would keep its head of up to 64 KiB alive for as long as the record is.
 */

/** Below this, V8 copies by itself. */
const SLICE_CHARACTERS_MIN = 13;

/** The same text without what it was cut from. `text` is latin1, as heads are. */
export function ownText(text: string): string {
  return text.length < SLICE_CHARACTERS_MIN ? text : Buffer.from(text, 'latin1').toString('latin1');
}
