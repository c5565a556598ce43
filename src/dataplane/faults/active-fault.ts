/**
 * A fault that is on, shared by every connection of every proxy it acts on. It keeps the count of what it met and makes the keyed
 * decision; leases are the fault set's business, effects are the pipeline's.
 */
import { type KeyedDraw, keyedDraw } from '../../core/random.js';
import type { Direction, FlowDirection, HttpFault, RequestHead, TcpFault } from './fault.js';
import { compileMatcher, type Matcher } from './match.js';
import type { FaultSpec } from './spec.js';

export interface FaultCounts {
  /** Met the fault: the connection or request was one it looks at. */
  matched: number;
  /** Chosen by the percentage. */
  applied: number;
  /** Not chosen by the percentage. */
  skipped: number;
}

export class ActiveFault {
  readonly id: string;
  readonly run: string;
  readonly spec: FaultSpec;
  readonly definition: TcpFault | HttpFault;
  /** `value`, checked by the definition's schema. */
  readonly params: unknown;
  readonly direction: Direction;
  /** When it was added; connections older than this are `existing`. */
  readonly sinceMs: number;
  readonly draw: KeyedDraw;
  readonly matches: Matcher | undefined;
  readonly counts: FaultCounts = { matched: 0, applied: 0, skipped: 0 };
  readonly #keyBy: string;
  readonly #shared = new Map<string, unknown>();
  #ordinal = 0;

  constructor(given: { run: string; spec: FaultSpec; definition: TcpFault | HttpFault; params: unknown; sinceMs: number }) {
    this.id = given.spec.id;
    this.run = given.run;
    this.spec = given.spec;
    this.definition = given.definition;
    this.params = given.params;
    this.sinceMs = given.sinceMs;
    this.direction = given.spec.direction ?? given.definition.defaultDirection;
    this.draw = keyedDraw({ seed: given.spec.seed, faultId: given.spec.id });
    this.matches = compileMatcher(given.spec);
    this.#keyBy = given.spec.keyBy ?? (given.definition.protocol === 'tcp' ? 'connection' : 'request');
  }

  /** Whether it acts on bytes or messages that travel this way. */
  flows(direction: FlowDirection): boolean {
    return this.direction === 'both' || this.direction === direction;
  }

  /** Whether a connection of that age is one of those the plan named. */
  covers(connectionStartMs: number): boolean {
    const wanted = this.spec.connections;
    return wanted === 'all' || (wanted === 'new') === connectionStartMs >= this.sinceMs;
  }

  /** The keyed decision for a request or a connection that the fault looks at, counted. `instance` is the callee's. */
  decide(at: { instance: string; connection: number; head?: RequestHead }): boolean {
    const { percentage } = this.spec;
    const applied = percentage >= 100 || (percentage > 0 && this.#draw(at) * 100 < percentage);
    this.counts.matched += 1;
    if (applied) this.counts.applied += 1;
    else this.counts.skipped += 1;
    return applied;
  }

  /** What the connections of one place have in common under this fault; made when it is first asked for, gone with the fault. */
  shared<T>(place: string, create: () => T): T {
    if (!this.#shared.has(place)) this.#shared.set(place, create());
    return this.#shared.get(place) as T;
  }

  #draw(at: { instance: string; connection: number; head?: RequestHead }): number {
    switch (this.#keyBy) {
      case 'request':
        return this.draw(at.instance, this.#ordinal++);
      case 'connection':
        return this.draw(`${at.instance}#`, at.connection);
      case 'instance':
        return this.draw(at.instance, 0);
      default:
        return this.draw(at.head?.header(this.#keyBy.slice('header:'.length).toLowerCase()) ?? '', 0);
    }
  }
}
