/**
 * What faults have decided, summed over those that are gone: a counter must not fall when a fault ends, and the next one of its name begins at 0.
 */
import { type FaultChange, isFaultEnd } from '../../journal/observations.js';
import { LabelValues } from './label-values.js';

/** Counts of a fault under the names that `decision` has. */
export type Decisions = Readonly<Record<'applied' | 'skipped' | 'overflow' | 'unread', number>>;

type Counted = Pick<FaultChange, 'appliedCount' | 'skipped' | 'overflow' | 'unread'>;

export const decisionsOf = ({ appliedCount, skipped, overflow = 0, unread = 0 }: Counted): Decisions => ({
  applied: appliedCount,
  skipped,
  overflow,
  unread,
});

function sum(a: Decisions, b: Decisions): Decisions {
  return {
    applied: a.applied + b.applied,
    skipped: a.skipped + b.skipped,
    overflow: a.overflow + b.overflow,
    unread: a.unread + b.unread,
  };
}

const NONE: Decisions = { applied: 0, skipped: 0, overflow: 0, unread: 0 };

export class FaultTotals {
  readonly #names = new LabelValues();
  readonly #ended = new Map<string, Decisions>();

  /** Keeps the last counts of a fault that ends; every other change is still to be seen on the fault itself. */
  note(change: FaultChange): void {
    if (!isFaultEnd(change.change)) return;
    const name = this.#names.bounded(change.fault);
    this.#ended.set(name, sum(this.#ended.get(name) ?? NONE, decisionsOf(change)));
  }

  /** All that has ever been decided, by fault: those that are gone, and those that are on now. */
  with(live: readonly { id: string; decisions: Decisions }[]): ReadonlyMap<string, Decisions> {
    const all = new Map(this.#ended);
    for (const { id, decisions } of live) {
      const name = this.#names.bounded(id);
      all.set(name, sum(all.get(name) ?? NONE, decisions));
    }
    return all;
  }
}
