/** What a person who plays with a system is told about it, and what its instances are asked to say of themselves. */
export interface RecordedPlay {
  about: string;
  /** What there is to see. */
  watch: readonly string[];
  /** What to do, and what should come of it. */
  tryThis: readonly string[];
  /** Whom to ask, at which path, for which keys of the JSON that is answered. */
  words: readonly RecordedWords[];
  /** Between which services it is counted what was accepted and what was refused. */
  counts: readonly { from: string; to: string }[];
}
export interface RecordedWords {
  service: string;
  path: string;
  show: readonly string[];
}
