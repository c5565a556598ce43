/** What each instance says of itself now, folded over the events of the run. Pure. */
import type { LiveEvent } from '../../../../../src/control/live/contract.js';

/** Null: it does not answer. */
export type Said = Readonly<Record<string, string>> | null;

export function selfWords(events: readonly LiveEvent[]): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  for (const event of events) if (event.type === 'selfWord') said.set(event.instance, event.said);
  return said;
}

/** A change of what somebody says of himself, as a sentence: `q-2: role leader, term 4`. What he said before is left out. */
export interface Change {
  n: number;
  atMs: number;
  text: string;
}

const TOLD_MAX = 20;

/** The newest first. */
export function changesOf(events: readonly LiveEvent[]): readonly Change[] {
  const before = new Map<string, Said>();
  const changes: Change[] = [];
  for (const event of events) {
    if (event.type !== 'selfWord') continue;
    const text = changeText(event.instance, before.get(event.instance), event.said);
    before.set(event.instance, event.said);
    if (text !== undefined) changes.push({ n: event.n, atMs: event.atMs, text });
  }
  return changes.slice(-TOLD_MAX).toReversed();
}

function changeText(instance: string, before: Said | undefined, now: Said): string | undefined {
  if (now === null) return before === null ? undefined : `${instance} does not answer`;
  const changed = Object.entries(now).filter(([key, value]) => before?.[key] !== value);
  if (before === undefined || changed.length === 0) return undefined;
  return `${instance}: ${changed.map(([key, value]) => `${key} ${value}`).join(', ')}`;
}
