/** A state over time, for timelines: what a breaker or an instance was in, as inferred. In a file of its own, because the page reads it and nothing else of the checks. */
export interface StateLane {
  /** `gateway -> payments`, `inventory-3`, `gateway: inventory-3` */
  subject: string;
  kind: 'breaker' | 'ejection' | 'suspicion';
  /** `state`: `closed`, `open`, `halfOpen`; `in`, `ejected`; `trusted`, `suspected`; or another word where it is not known. */
  segments: readonly { state: string; fromMs: number; toMs: number }[];
}
