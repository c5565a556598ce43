/** Keeps what faults do to processes, as orders say, and takes it back: each by itself when nobody renews it, or all at once. */
import type { Clock } from '../../core/clock.js';
import { underQuota } from './cpu-quota.js';
import { withLimitedFiles } from './file-limits.js';
import { held } from './holds.js';
import { type Deed, Kept } from './kept.js';
import { reachKey } from './reach.js';
import type { KeptAct, KeptOf, ReaperOrder } from './reaper-order.js';
import { skewed } from './skewed-clocks.js';
import { withSlowFiles } from './traced.js';

/** Orders about what is kept. */
export type KeeperOrder = Exclude<ReaperOrder, { order: 'own' | 'disown' }>;

const DEEDS: { [K in KeptAct['kind']]: (act: Extract<KeptAct, { kind: K }>, clock: Clock) => Deed } = {
  hold: held,
  quota: underQuota,
  skew: skewed,
  limitFiles: withLimitedFiles,
  slowFiles: withSlowFiles,
};

export class Keeper {
  readonly #clock: Clock;
  readonly #kept: Kept<string>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#kept = new Kept(clock);
  }

  obey(told: KeeperOrder): void {
    switch (told.order) {
      case 'keep':
        this.#kept.keep(keyOf(told.act), { leaseMs: told.leaseMs, ...deedOf(told.act, this.#clock) });
        return;
      case 'free':
        this.#kept.free(keyOf(told.of));
        return;
      case 'renew':
        this.#kept.renew();
        return;
    }
  }

  /** The process has ended: its number may be somebody else's soon. */
  forget(pid: number): void {
    this.#kept.forget(keyOf({ kind: 'hold', reach: { kind: 'group', pid } }));
    this.#kept.forget(keyOf({ kind: 'limitFiles', pid }));
    // These know by more than the number whom they have: the tracer and the control group are ours, and may hold whom that one has started.
    this.#kept.free(keyOf({ kind: 'slowFiles', pid }));
    this.#kept.free(keyOf({ kind: 'quota', pid }));
  }

  takeAllBack(): void {
    this.#kept.freeAll();
  }
}

function keyOf(of: KeptOf): string {
  switch (of.kind) {
    case 'hold':
      return `hold ${reachKey(of.reach)}`;
    case 'skew':
      return `skew ${of.file}`;
    default:
      return `${of.kind} ${of.pid}`;
  }
}

/** The table has for each kind what takes acts of that kind; which is meant, the compiler cannot follow from the one to the other. */
function deedOf(act: KeptAct, clock: Clock): Deed {
  return (DEEDS[act.kind] as (act: KeptAct, clock: Clock) => Deed)(act, clock);
}
