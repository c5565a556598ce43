/**
 * One balancer, all products as data: by what it tells a bad instance, how long that stays out, how many may be out, and how it comes back. It keeps
 * a log of what it really did. Flaws make a bad balancer of a good one.
 */
import { newTally, note, outliersOf, type Signs, type Tally, tickMs } from './outlier-signs.js';
import type { Defence, Ruling, WireAnswer } from './world.js';

export interface BalancerModel {
  pick: 'roundRobin' | 'random';
  signs: Signs;
  /** `time` counts from 0 and starts again when a trial succeeds. */
  outMs(time: number, draw: () => number): number;
  /** What ends an ejection: its time, or the first tick after it. */
  returnsAt: 'time' | { tickMs: number };
  /** `trial`: one request decides; `full`: all of its share at once. */
  returnsBy: 'full' | 'trial';
  outAtOnceMax: number;
}

export interface BalancerFlaws {
  neverEjects?: boolean;
  /** Ejects only when its condition was first met so long ago. */
  lateMs?: number;
  /** Ejects the neighbour in its place. */
  wrongOne?: boolean;
  /** Ejects the neighbour too. */
  neighbourToo?: boolean;
  neverReturns?: boolean;
}

export interface OutTime {
  instance: string;
  fromMs: number;
  /** When it could be chosen again. */
  toMs: number;
}

interface Instance {
  name: string;
  tally: Tally;
  state: 'in' | 'out' | 'onTrial';
  untilMs: number;
  times: number;
  dueSinceMs: number | undefined;
}

export class Balancer implements Defence {
  readonly truth: OutTime[] = [];
  readonly #model: BalancerModel;
  readonly #flaws: BalancerFlaws;
  readonly #draw: () => number;
  readonly #instances: Instance[];
  #turn = 0;
  #nextTickMs: number;

  constructor(model: BalancerModel, given: { instances: readonly string[]; draw: () => number; flaws?: BalancerFlaws }) {
    this.#model = model;
    this.#flaws = given.flaws ?? {};
    this.#draw = given.draw;
    const fresh = { state: 'in', untilMs: 0, times: 0, dueSinceMs: undefined } as const;
    this.#instances = given.instances.map((name) => ({ name, tally: newTally(), ...fresh }));
    this.#nextTickMs = tickMs(model.signs) ?? Number.POSITIVE_INFINITY;
  }

  ask(atMs: number): Ruling {
    for (; this.#nextTickMs <= atMs; this.#nextTickMs += tickMs(this.#model.signs) ?? Number.POSITIVE_INFINITY)
      this.#tick(this.#nextTickMs);
    for (const instance of this.#instances) if (instance.state === 'out' && instance.untilMs <= atMs) this.#readmit(instance);
    const usable = this.#instances.filter(({ state }) => state === 'in');
    const onTrial = this.#instances.find(({ state, untilMs }) => state === 'onTrial' && untilMs <= atMs);
    if (onTrial !== undefined) {
      // Hidden again until its answer is there, or until another such time has passed.
      onTrial.untilMs = Number.POSITIVE_INFINITY;
      return { kind: 'send', to: onTrial.name, ticket: 1 };
    }
    const chosen = this.#model.pick === 'random' ? usable[Math.floor(this.#draw() * usable.length)] : this.#nextInTurn();
    return chosen === undefined ? { kind: 'reject' } : { kind: 'send', to: chosen.name, ticket: 0 };
  }

  answered({ to, ticket, ok, atMs }: WireAnswer): void {
    const place = this.#instances.findIndex(({ name }) => name === to);
    const instance = this.#instances[place];
    if (instance === undefined) return;
    if (ticket === 1) {
      if (ok) Object.assign(instance, { state: 'in', times: 0, tally: newTally() });
      else this.#eject(place, atMs);
      return;
    }
    const isOutlier = note(instance.tally, { signs: this.#model.signs, ok, atMs });
    if (isOutlier && instance.state === 'in') this.#found(place, atMs);
  }

  #nextInTurn(): Instance | undefined {
    for (let tries = 0; tries < this.#instances.length; tries++) {
      const instance = this.#instances[this.#turn++ % this.#instances.length];
      if (instance?.state === 'in') return instance;
    }
    return undefined;
  }

  #tick(atMs: number): void {
    const inside = this.#instances.filter(({ state }) => state === 'in');
    const outliers = outliersOf(
      inside.map(({ tally }) => tally),
      this.#model.signs,
    );
    for (const [i, instance] of inside.entries()) if (outliers[i]) this.#found(this.#instances.indexOf(instance), atMs);
    for (const instance of this.#instances) Object.assign(instance.tally, { good: 0, bad: 0 });
  }

  #found(place: number, atMs: number): void {
    const { neverEjects = false, lateMs = 0, wrongOne = false, neighbourToo = false } = this.#flaws;
    const instance = this.#instances[place];
    if (instance === undefined || neverEjects) return;
    instance.dueSinceMs ??= atMs;
    if (atMs < instance.dueSinceMs + lateMs) return;
    const neighbour = (place + 1) % this.#instances.length;
    this.#eject(wrongOne ? neighbour : place, atMs);
    if (neighbourToo) this.#eject(neighbour, atMs);
  }

  #eject(place: number, atMs: number): void {
    const instance = this.#instances[place];
    const out = this.#instances.filter(({ state }) => state !== 'in').length;
    if (instance === undefined || (instance.state === 'in' && out >= this.#model.outAtOnceMax)) return;
    const { returnsAt, outMs } = this.#model;
    const endMs = atMs + outMs(instance.times++, this.#draw);
    const untilMs = returnsAt === 'time' ? endMs : Math.ceil(endMs / returnsAt.tickMs) * returnsAt.tickMs;
    instance.state = 'out';
    instance.untilMs = this.#flaws.neverReturns ? Number.POSITIVE_INFINITY : untilMs;
    instance.tally = newTally();
    this.truth.push({ instance: instance.name, fromMs: atMs, toMs: instance.untilMs });
  }

  #readmit(instance: Instance): void {
    instance.state = this.#model.returnsBy === 'trial' ? 'onTrial' : 'in';
    instance.tally = newTally();
  }
}
