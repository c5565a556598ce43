/**
 * What somebody asked of shared data, from the first byte of asking to the last of the answer. A reader would get wrong what `unknown` means: a request
 * that got no answer may have been done, may never be, and may be done at any time later, so it has no end and is never a failure.
 */

/** Text for what is written and read, null for nothing there; numbers for counters; several texts for sets; figures by name for accounts. */
export type Value = string | number | null | readonly string[] | Readonly<Record<string, number>>;

export interface Operation {
  /** Names it in findings: the number of the event that tells of it. */
  readonly id: number;
  /** Who asked: one client, session or caller. Its operations may overlap only where the checker says so. */
  readonly process: string;
  /** What was asked: `read`, `write`, `add` … */
  readonly f: string;
  /** Of which object; each is judged by itself. */
  readonly key: string;
  /** What was sent with it. */
  readonly input?: Value;
  /** What was answered; only where `outcome` is `ok`. */
  readonly output?: Value;
  /** Fencing token: of the grant, or that a write carried. */
  readonly token?: number;
  /** Of the value that was written or read, growing with every write of the key. */
  readonly version?: number;
  /** How long a lease was granted for. */
  readonly validMs?: number;
  /** `failed`: certainly not done. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  /** It failed on its way there: not done, as surely as what was refused, and yet nobody has refused it. */
  readonly neverArrived?: true;
  readonly startMs: number;
  /** Infinity where the outcome is unknown. */
  readonly endMs: number;
}

/** Real-time order: one was over before the other began. Two of which neither is before the other may have happened in any order. */
export function isBefore(a: Operation, b: Operation): boolean {
  return a.endMs < b.startMs;
}

/** `write "v1" (event 17)`, for sentences. */
export function describeOperation({ f, input, output, id }: Operation): string {
  const value = input ?? output;
  return `${f}${value === undefined ? '' : ` ${JSON.stringify(value)}`} (event ${id})`;
}
