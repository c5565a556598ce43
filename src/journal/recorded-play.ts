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
  /** Inputs that it can be begun again with; left out by versions of before. */
  defences?: readonly RecordedDefence[];
  /** Left out by versions of before. */
  acts?: readonly RecordedPlayAct[];
}
/** Something that can be done to each instance of a service besides stopping it. */
export interface RecordedPlayAct {
  service: string;
  /** The links from this service alone; left out where it is on the process, or on all links that lead there. */
  from?: string;
  /** As buttons say it. */
  does: string;
  undoes: string;
  /** As `POST /v1/hand` takes it. */
  fault: { type: string; value?: unknown; percentage?: number };
  isOnProcess: boolean;
}
export interface RecordedDefence {
  input: string;
  /** What it does. */
  about: string;
  /** All that it may be set to, as text. */
  values: readonly string[];
}
export interface RecordedWords {
  service: string;
  path: string;
  show: readonly string[];
}
