/** What a person did by hand on this page, and what takes it back. Pure. What a reader gets wrong: an act that is taken back is over, and no act of its own. */

/** A fault as `POST /v1/hand` takes it; on processes, `proxies` are instances. */
export interface HandSpec {
  id: string;
  type: string;
  proxies: readonly string[];
  value?: unknown;
  percentage?: number;
  direction?: string;
  connections?: string;
  match?: unknown;
  exclude?: unknown;
}

export type Act =
  | { kind: 'put'; faults: readonly HandSpec[] }
  | { kind: 'end'; fault: HandSpec }
  | { kind: 'change'; id: string; fromPercentage: number; toPercentage: number };

/** So many can be taken back; older ones are forgotten. */
export const ACTS_MAX = 50;

export function withAct(acts: readonly Act[], act: Act): readonly Act[] {
  return [...acts, act].slice(-ACTS_MAX);
}

/** What has to be done to take an act back. */
export function inverseOf(act: Act): Act | { kind: 'endAll'; ids: readonly string[] } {
  switch (act.kind) {
    case 'put':
      return { kind: 'endAll', ids: act.faults.map(({ id }) => id) };
    case 'end':
      return { kind: 'put', faults: [act.fault] };
    case 'change':
      return { ...act, fromPercentage: act.toPercentage, toPercentage: act.fromPercentage };
  }
}

/** As a person would say it: `latency on gateway->payments`. */
export function wordsOf(act: Act): string {
  if (act.kind === 'change') return `${act.fromPercentage} % → ${act.toPercentage} % of ${act.id}`;
  const faults = act.kind === 'put' ? act.faults : [act.fault];
  const [first] = faults;
  const more = (first?.proxies.length ?? 1) > 1 ? ` and ${(first?.proxies.length ?? 1) - 1} more` : '';
  return `${act.kind === 'put' ? '' : 'the end of '}${first?.type ?? ''} on ${first?.proxies[0] ?? ''}${more}`;
}
