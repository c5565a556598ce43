/** Whether those who are commanded did the same, round by round. The commander's own decision is left out: whoever tells others different things obeys none of them. Pure. */

/** By general, in their order, the commander first; null: no answer. */
export type Decisions = readonly (readonly [general: string, decision: unknown])[];

export interface Unity {
  /** Rounds in which they did not. */
  readonly divided: number;
  /** What they did in the newest of these. */
  readonly lastDivided: string | undefined;
}

export const united: Unity = { divided: 0, lastDivided: undefined };

export function unityAfter(before: Unity, [, ...commanded]: Decisions): Unity {
  const answered = commanded.filter(([, decision]) => decision !== null);
  if (new Set(answered.map(([, decision]) => decision)).size < 2) return before;
  return { divided: before.divided + 1, lastDivided: answered.map(([general, decision]) => `${general} ${String(decision)}`).join(', ') };
}
