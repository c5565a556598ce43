/**
 * Faults that the daemon of the page does not perform, as the run hears of them: which are on, at which level, and whom they have met so far. What a reader gets
 * wrong: while one is on its counts are those of the requests that have been told by then; only its end tells all of them.
 */
import { type Exchange, type FaultChange, isFaultEnd } from '../journal/observations.js';
import type { LiveFault } from './run-news.js';

type Counted = 'matched' | 'applied' | 'skipped';

export class FaultsElsewhere {
  readonly #on = new Map<string, LiveFault>();

  /** Oldest first. */
  get on(): readonly LiveFault[] {
    return [...this.#on.values()];
  }

  /** Those on processes are told as events of the run, as everywhere. */
  heed({ fault: id, run, change, counted, performs = '', proxies = [], isOn = true, percentage = 100, byHand }: FaultChange): void {
    if (counted === 'processes') return;
    if (isFaultEnd(change)) {
      this.#on.delete(id);
      return;
    }
    const known = this.#on.get(id);
    if (known === undefined && change !== 'applied') return;
    const { type = performs, proxies: links = byHand?.on ?? proxies, matched = 0, applied = 0, skipped = 0 } = known ?? {};
    const figures = { isOn, percentage, endsInMs: null, matched, applied, skipped, held: 0 };
    const by = byHand?.by ?? known?.by;
    this.#on.set(id, { id, run, type: byHand?.performs ?? type, proxies: links, ...figures, ...(by !== undefined && { by }) });
  }

  count({ matched = [], applied = [], skipped = [] }: Pick<Exchange, 'matched' | 'applied' | 'skipped'>): void {
    for (const id of matched) this.#add(id, 'matched');
    for (const id of applied) this.#add(id, 'applied');
    for (const { fault } of skipped) this.#add(fault, 'skipped');
  }

  #add(id: string, what: Counted): void {
    const fault = this.#on.get(id);
    if (fault !== undefined) this.#on.set(id, { ...fault, [what]: fault[what] + 1 });
  }
}
