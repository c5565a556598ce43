/**
 * Attempts joined to the requests that caused them, by names that exactly one request has; a name that several share, like a path's first segment, names none. Made
 * for millions: the join is a few numbers for each, and a demand is an object only when it is asked for.
 */
import { RowGroups } from '../../journal/columns/row-groups.js';
import type { Exchanges } from '../../journal/exchanges.js';
import { type List, RowList, rowsWhere } from '../../journal/list.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import type { Demand } from './demand.js';
import type { Names } from './names.js';

const NOBODY = -1;
const SEVERAL = -2;
const NONE: readonly RecordedExchange[] = [];

export class DemandJoin {
  readonly #exchanges: Exchanges;
  readonly #offered: Uint32Array;
  /** Of each that was offered, by its place, the attempts in order of start. */
  readonly #attempts: RowGroups;

  /** Rows, both in order of start; `owners` of those that were offered. */
  constructor(exchanges: Exchanges, { offered, attempts, owners }: { offered: Uint32Array; attempts: Uint32Array; owners: Owners }) {
    this.#exchanges = exchanges;
    this.#offered = offered;
    const places = new Int32Array(attempts.length);
    for (const [i, row] of attempts.entries()) places[i] = owners(row);
    this.#attempts = new RowGroups(attempts, places, offered.length);
  }

  /** Requests that were offered. */
  get length(): number {
    return this.#offered.length;
  }

  startMs(i: number): number {
    return this.#exchanges.columns.startMs(this.#row(i));
  }
  routeOf(i: number): string {
    return this.#exchanges.columns.common(this.#row(i)).route ?? '';
  }
  attemptCount(i: number): number {
    return this.#attempts.sizeOf(i);
  }

  /** Those of some routes of which an attempt began in [fromMs, toMs). */
  attemptedIn({ fromMs, toMs }: Window, isMeant: (route: string) => boolean): List<Demand> {
    const { columns } = this.#exchanges;
    const isInside = (row: number): boolean => columns.startMs(row) >= fromMs && columns.startMs(row) < toMs;
    return this.#demands((i) => isMeant(this.routeOf(i)) && this.#attempts.map(i, isInside).includes(true));
  }

  /** Those of some routes, in order of start. */
  demands(isMeant: (route: string) => boolean): List<Demand> {
    return this.#demands((i) => isMeant(this.routeOf(i)));
  }

  /** What was offered. */
  request(i: number): RecordedExchange {
    return this.#exchanges.item(this.#row(i));
  }
  attemptsOf(i: number): readonly RecordedExchange[] {
    return this.#attempts.sizeOf(i) === 0 ? NONE : this.#attempts.map(i, (row) => this.#exchanges.item(row));
  }

  #demands(isMeant: (i: number) => boolean): List<Demand> {
    const all = new Uint32Array(this.length);
    for (let i = 0; i < all.length; i += 1) all[i] = i;
    return new RowList(rowsWhere(all, isMeant), (i) => new JoinedDemand(this, i));
  }

  #row(i: number): number {
    return this.#offered[i] ?? 0;
  }
}

/** The place of the request, among those that are offered, that a row names as its own; below 0 if it names none, or several have the name. */
export type Owners = (row: number) => number;

export function ownersOf(offered: Uint32Array, names: Names): Owners {
  const owners = new Int32Array(names.count).fill(NOBODY);
  for (const [i, row] of offered.entries()) {
    // Who says a name twice, as in `/orders/7f3a/items/7f3a`, shares it with nobody.
    for (const name of names.of(row)) owners[name] = owners[name] === NOBODY || owners[name] === i ? i : SEVERAL;
  }
  return (row) => {
    for (const name of names.of(row)) {
      const owner = owners[name] ?? NOBODY;
      if (owner >= 0) return owner;
    }
    return NOBODY;
  };
}

/** Nothing of it is held: its attempts are objects of their own each time that they are asked for. */
class JoinedDemand implements Demand {
  readonly #join: DemandJoin;
  readonly #i: number;

  constructor(join: DemandJoin, i: number) {
    this.#join = join;
    this.#i = i;
  }

  get n(): number {
    return this.#join.request(this.#i).n;
  }
  get route(): string {
    return this.#join.routeOf(this.#i);
  }
  get startMs(): number {
    return this.#join.startMs(this.#i);
  }
  get endMs(): number {
    return this.#join.request(this.#i).endMs;
  }
  get answered(): boolean {
    return this.#join.request(this.#i).end === 'complete';
  }
  get attempts(): readonly RecordedExchange[] {
    return this.#join.attemptsOf(this.#i);
  }
}
