/**
 * Looks for an order in which one copy of an object could have answered all operations as they were (Wing and Gong's search, with Lowe's memory of what was tried).
 * It takes time exponential in how many overlap, so it gives up at a budget; giving up says nothing about the history.
 */
import type { Model } from './models.js';
import type { Operation } from './operation.js';

export type Search =
  | { readonly kind: 'found' }
  /** Nothing can explain it. `stuck`: the operations of which, after the longest order there was, none could be next. */
  | { readonly kind: 'impossible'; readonly stuck: readonly Operation[]; readonly state: string }
  | { readonly kind: 'budget'; readonly states: number };

interface Call {
  readonly operation: Operation;
  readonly number: number;
  /** Neighbours in the list of what is left; an end of an operation is a neighbour like a beginning. */
  previous: Link;
  next: Link;
  /** Its end; undefined where nobody knows that it ended. */
  end: End | undefined;
}
interface End {
  readonly of: Call;
  previous: Link;
  next: Link;
}
type Link = Call | End | undefined;

const isEnd = (link: Call | End): link is End => 'of' in link;

/** What has been given a place, as text: all up to some operation, and those beyond it. Short, because operations are placed nearly in order. */
class Placed {
  #below = 0;
  readonly #beyond = new Set<number>();

  add(number: number): void {
    this.#beyond.add(number);
    while (this.#beyond.delete(this.#below)) this.#below += 1;
  }

  remove(number: number): void {
    if (number >= this.#below) {
      this.#beyond.delete(number);
      return;
    }
    for (let other = number + 1; other < this.#below; other += 1) this.#beyond.add(other);
    this.#below = number;
  }

  key(state: string): string {
    return `${this.#below}|${[...this.#beyond].sort((a, b) => a - b).join()}|${state}`;
  }
}

/** `operations` in order of their starts, none that failed; at most `statesMax` combinations are tried. */
export function searchOrder(model: Model, operations: readonly Operation[], statesMax: number): Search {
  const list = new Rest(operations);
  const tried = new Set<string>();
  const placed = new Placed();
  const path: { call: Call; before: string }[] = [];
  let state = model.initial;
  let most = -1;
  let stuck: { operations: readonly Operation[]; state: string } = { operations: [], state };
  let link: Link = list.first;
  while (list.owed > 0) {
    if (link !== undefined && !isEnd(link)) {
      const next = model.step(state, link.operation);
      if (next !== undefined) {
        placed.add(link.number);
        const key = placed.key(next);
        if (!tried.has(key)) {
          if (tried.size >= statesMax) return { kind: 'budget', states: tried.size };
          tried.add(key);
          path.push({ call: link, before: state });
          state = next;
          list.take(link);
          link = list.first;
          continue;
        }
        placed.remove(link.number);
      }
      link = link.next;
      continue;
    }
    // It has ended, so one of those before it had to be next, and none can be.
    if (path.length > most) {
      most = path.length;
      stuck = { operations: list.before(link), state };
    }
    const last = path.pop();
    if (last === undefined) return { kind: 'impossible', stuck: stuck.operations, state: stuck.state };
    list.putBack(last.call);
    placed.remove(last.call.number);
    state = last.before;
    link = last.call.next;
  }
  return { kind: 'found' };
}

/** Beginnings and ends of what has no place yet, in order of time; of one instant, beginnings first. */
class Rest {
  /** Operations that were done, and have no place yet. */
  owed = 0;
  #first: Link;

  constructor(operations: readonly Operation[]) {
    const calls = operations.map(
      (operation, number): Call => ({ operation, number, previous: undefined, next: undefined, end: undefined }),
    );
    const links: { atMs: number; link: Call | End }[] = [];
    for (const call of calls) {
      links.push({ atMs: call.operation.startMs, link: call });
      if (call.operation.outcome !== 'ok') continue;
      this.owed += 1;
      call.end = { of: call, previous: undefined, next: undefined };
      links.push({ atMs: call.operation.endMs, link: call.end });
    }
    links.sort((a, b) => a.atMs - b.atMs || Number(isEnd(a.link)) - Number(isEnd(b.link)));
    for (const [i, { link }] of links.entries()) {
      link.previous = links[i - 1]?.link;
      link.next = links[i + 1]?.link;
    }
    this.#first = links[0]?.link;
  }

  get first(): Link {
    return this.#first;
  }

  take(call: Call): void {
    this.#unlink(call);
    if (call.end === undefined) return;
    this.#unlink(call.end);
    this.owed -= 1;
  }

  /** In the opposite order of taking. */
  putBack(call: Call): void {
    if (call.end !== undefined) {
      this.#link(call.end);
      this.owed += 1;
    }
    this.#link(call);
  }

  /** Those that begin before a link, or all that are left. */
  before(link: Link): readonly Operation[] {
    const found: Operation[] = [];
    for (let one = this.#first; one !== undefined && one !== link; one = one.next) if (!isEnd(one)) found.push(one.operation);
    return found;
  }

  #unlink(link: Call | End): void {
    if (link.previous === undefined) this.#first = link.next;
    else link.previous.next = link.next;
    if (link.next !== undefined) link.next.previous = link.previous;
  }

  #link(link: Call | End): void {
    if (link.previous === undefined) this.#first = link;
    else link.previous.next = link;
    if (link.next !== undefined) link.next.previous = link;
  }
}
