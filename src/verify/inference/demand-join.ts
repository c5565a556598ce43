/**
 * Attempts joined to the requests that caused them, by names that exactly one request has; a name that several share, like a path's first segment, names none. Made
 * for millions: the join is a few numbers for each, and a demand is an object only when it is asked for.
 */
import type { Exchanges } from '../../journal/exchanges.js';
import { type List, RowList, rowsWhere } from '../../journal/list.js';
import type { RecordedExchange, Window } from '../../journal/record.js';
import type { Demand } from './demand.js';
import type { Names } from './names.js';

const NOBODY = -1;
const SEVERAL = -2;

export class DemandJoin {
  readonly #exchanges: Exchanges;
  readonly #offered: Uint32Array;
  /** Rows of attempts, those of one request after each other, in order of start. */
  readonly #attempts: Uint32Array;
  /** Where those of a request begin; they end where those of the next begin. */
  readonly #begins: Uint32Array;

  /** Rows, both in order of start. */
  constructor(exchanges: Exchanges, { offered, attempts, names }: { offered: Uint32Array; attempts: Uint32Array; names: Names }) {
    this.#exchanges = exchanges;
    this.#offered = offered;
    const ownerOf = ownersOf(offered, attempts, names);
    this.#begins = new Uint32Array(offered.length + 2);
    for (const owner of ownerOf) if (owner >= 0) this.#begins[owner + 2] = (this.#begins[owner + 2] ?? 0) + 1;
    for (let i = 2; i < this.#begins.length; i += 1) this.#begins[i] = (this.#begins[i] ?? 0) + (this.#begins[i - 1] ?? 0);
    this.#attempts = new Uint32Array(this.#begins.at(-1) ?? 0);
    // Each is put where the next of its owner goes; in the end what was one place too far to the right is right.
    for (const [i, owner] of ownerOf.entries()) {
      if (owner < 0) continue;
      const place = this.#begins[owner + 1] ?? 0;
      this.#attempts[place] = attempts[i] ?? 0;
      this.#begins[owner + 1] = place + 1;
    }
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
    return (this.#begins[i + 1] ?? 0) - (this.#begins[i] ?? 0);
  }

  /** Those of some routes of which an attempt began in [fromMs, toMs). */
  attemptedIn({ fromMs, toMs }: Window, isMeant: (route: string) => boolean): List<Demand> {
    const { columns } = this.#exchanges;
    const isInside = (row: number): boolean => columns.startMs(row) >= fromMs && columns.startMs(row) < toMs;
    return this.#demands((i) => isMeant(this.routeOf(i)) && this.#someAttempt(i, isInside));
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
    const attempts: RecordedExchange[] = [];
    for (let place = this.#begins[i] ?? 0; place < (this.#begins[i + 1] ?? 0); place += 1) {
      attempts.push(this.#exchanges.item(this.#attempts[place] ?? 0));
    }
    return attempts;
  }

  #someAttempt(i: number, isSo: (row: number) => boolean): boolean {
    for (let place = this.#begins[i] ?? 0; place < (this.#begins[i + 1] ?? 0); place += 1) {
      if (isSo(this.#attempts[place] ?? 0)) return true;
    }
    return false;
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

/** Of each attempt, the place of its request among those offered. */
function ownersOf(offered: Uint32Array, attempts: Uint32Array, names: Names): Int32Array {
  const owners = new Int32Array(names.count).fill(NOBODY);
  for (const [i, row] of offered.entries()) for (const name of names.of(row)) owners[name] = owners[name] === NOBODY ? i : SEVERAL;
  const ownerOf = new Int32Array(attempts.length);
  for (const [i, row] of attempts.entries()) ownerOf[i] = ownerAmong(names.of(row), owners);
  return ownerOf;
}

function ownerAmong(names: readonly number[], owners: Int32Array): number {
  for (const name of names) {
    const owner = owners[name] ?? NOBODY;
    if (owner >= 0) return owner;
  }
  return NOBODY;
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
