/**
 * One member of a SWIM cluster: probes the others in turn, asks some to try for it when one does not answer, and passes on with every message what it has
 * heard. It knows no sockets: `ask` sends, `answer` is what it says when asked. There is no push-pull of whole rosters, as nobody joins or leaves.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { isMap } from '../../core/is-map.js';
import type { Membership } from '../../verify/detectors/suspicion-timer.js';
import { type Claim, readClaims } from './claims.js';
import { scoreAfter } from './health.js';
import { createRoster, type Roster } from './roster.js';

export interface Message {
  /** Of whom an answer is wanted, where that is not who is asked. */
  readonly target?: string;
  readonly from: string;
  readonly gossip: readonly Claim[];
}

export interface Reply {
  /** Whether the target answered; an answer in itself where there is none. */
  readonly isReached: boolean;
  readonly gossip: readonly Claim[];
}

export interface SwimPorts {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly draw: () => number;
  /** Undefined: no answer within the time. */
  readonly ask: (to: string, message: Message, msMax: number) => Promise<Reply | undefined>;
}

export interface SwimOptions {
  readonly self: string;
  readonly others: readonly string[];
  readonly intervalMs: number;
  /** How long an answer to a probe is waited for. */
  readonly pingMs: number;
  /** Others that are asked to try, where a probe was not answered. */
  readonly helpers: number;
  /** Left out: who does not answer is dead. */
  readonly suspicion?: Membership;
  /** Waits longer while it doubts itself. */
  readonly hasHealth: boolean;
}

export class SwimMember {
  readonly #options: SwimOptions;
  readonly #ports: SwimPorts;
  readonly #roster: Roster;
  #round: string[] = [];
  #score = 0;

  constructor(options: SwimOptions, ports: SwimPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#roster = createRoster(options);
  }

  named(standing: Claim['standing']): readonly string[] {
    this.#roster.expire(this.#ports.clock.nowMs());
    return this.#roster.named(standing);
  }

  get incarnation(): number {
    return this.#roster.incarnation();
  }

  /** Probes the next of the others; takes longer the less it trusts itself. */
  async probe(): Promise<void> {
    const { intervalMs, hasHealth } = this.#options;
    const target = this.#next();
    if (target === undefined) return;
    const isReached = (await this.#ping(target)) || (await this.#askOthersToPing(target));
    const now = this.#ports.clock.nowMs();
    if (!isReached) this.#roster.miss(target, now);
    this.#roster.expire(now);
    if (hasHealth && this.#score > 0) await sleep(this.#ports.clock, intervalMs * this.#score);
  }

  /** What it says to another one; looks for a third one where that is wanted. */
  async answer({ from, target, gossip }: Message): Promise<Reply> {
    this.#hear(gossip);
    const isReached = target === undefined || (await this.#ask(target, {})) !== undefined;
    return { isReached, gossip: this.#roster.gossip(from) };
  }

  /** Each of those that are not dead once, in an order of its own, then all again: nobody is left out for longer than two rounds. */
  #next(): string | undefined {
    for (let tries = 0; tries < 2; tries++) {
      const found = this.#round.findIndex((name) => this.#roster.standingOf(name) !== 'dead');
      if (found >= 0) return this.#round.splice(0, found + 1).at(-1);
      this.#round = shuffled(this.#options.others, this.#ports.draw);
    }
    return undefined;
  }

  async #ping(target: string): Promise<boolean> {
    const reply = await this.#ask(target, {});
    if (reply !== undefined) this.#score = scoreAfter(this.#score, { kind: 'answered' });
    return reply !== undefined;
  }

  async #askOthersToPing(target: string): Promise<boolean> {
    const fit = this.#options.others.filter((name) => name !== target && this.#roster.standingOf(name) === 'alive');
    const helpers = shuffled(fit, this.#ports.draw).slice(0, this.#options.helpers);
    const replies = await Promise.all(helpers.map((helper) => this.#ask(helper, { target })));
    if (replies.some((reply) => reply?.isReached === true)) return true;
    const silent = replies.filter((reply) => reply === undefined).length;
    this.#score = scoreAfter(this.#score, { kind: 'missed', asked: helpers.length, silent });
    return false;
  }

  async #ask(to: string, wanted: Pick<Message, 'target'>): Promise<Reply | undefined> {
    const { self, pingMs, hasHealth } = this.#options;
    const patience = hasHealth ? 1 + this.#score : 1;
    // Who asks somebody else in turn needs that one's time as well.
    const msMax = pingMs * patience * (wanted.target === undefined ? 1 : 2);
    const reply = await this.#ports.ask(to, { ...wanted, from: self, gossip: this.#roster.gossip(to) }, msMax);
    if (reply !== undefined) this.#hear(reply.gossip);
    return reply;
  }

  #hear(claims: readonly Claim[]): void {
    for (const claim of claims) {
      const isAccused = this.#roster.hear(claim, this.#ports.clock.nowMs());
      if (isAccused) this.#score = scoreAfter(this.#score, { kind: 'accused' });
    }
  }
}

/** What came over the wire as a message. A name too many in it does no harm: nobody is asked whom the cluster does not know. */
export function readMessage(value: Readonly<Record<string, unknown>>): Message {
  const { target, from, gossip } = value;
  return { from: String(from), gossip: readClaims(gossip), ...(typeof target === 'string' && { target }) };
}

export function readReply(value: unknown): Reply | undefined {
  return isMap(value) && typeof value['isReached'] === 'boolean'
    ? { isReached: value['isReached'], gossip: readClaims(value['gossip']) }
    : undefined;
}

function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  return items
    .map((item) => ({ item, place: draw() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
