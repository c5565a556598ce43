/**
 * Five members of the quorum in virtual time, on a network that is cut, loses and delays, while members stand still and clients write and read. What
 * comes out is what nobody inside can know: which promises were broken.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { isLed, leads, type Member, type Moment, newMember, type Rules } from '../../src/lab/quorum/member.js';
import type { Ask, Reply } from '../../src/lab/quorum/messages.js';
import { answer, hear, type Step, tick, write } from '../../src/lab/quorum/step.js';
import { VirtualClock } from './clock.js';

const NAMES = ['q-1', 'q-2', 'q-3', 'q-4', 'q-5'] as const;
const TICK_MS = 50;
const CLIENT_MS = 120;
const REPLY_MS_MAX = 600;
const KEYS = ['a', 'b', 'c'];

export const ALL_ON: Rules = { preVote: true, leaseCheck: true, fencing: true, majority: true };

/** From whom, to whom nothing gets through. */
export type Cut = (from: string, to: string) => boolean;

export interface Disturbance {
  fromMs: number;
  toMs: number;
  cut?: Cut;
  /** Stands still. */
  paused?: (name: string) => boolean;
  /** Share of messages that are lost. */
  loss?: number;
}

interface Acknowledged {
  key: string;
  value: string;
  term: number;
  /** Entries up to it. */
  length: number;
  by: string;
}

export interface QuorumOutcome {
  acknowledged: readonly Acknowledged[];
  /** Terms in which more than one led. */
  sharedTerms: number;
  /** Acknowledged, and not in the log of who leads when all is healed. */
  lost: number;
  /** Asked for after a write under a newer term was acknowledged, and acknowledged under an older one. */
  stale: number;
  staleReads: number;
  /** How often somebody else, or the same again, came to lead. */
  elections: number;
  /** When all is healed: those whose decided entries differ from the leader's. */
  different: number;
  hasLeader: boolean;
  /** Acknowledged while a disturbance was on. */
  acknowledgedAmidst: number;
}

interface Node {
  member: Member;
  resumesMs: number;
  waiting: { length: number; term: number; done: (isDone: boolean) => void }[];
}

export class SimulatedQuorum {
  readonly #clock = new VirtualClock({ startMs: 10_000 });
  readonly #startMs = 10_000;
  readonly #nodes: Map<string, Node>;
  readonly #draw: () => number;
  readonly #disturbances: readonly Disturbance[];
  readonly #acknowledged: Acknowledged[] = [];
  readonly #leadersOf = new Map<number, Set<string>>();
  #newestTerm = 0;
  #stale = 0;
  #staleReads = 0;
  #elections = 0;
  #amidst = 0;
  #written = 0;

  constructor({ seed, rules, disturbances }: { seed: number; rules: Rules; disturbances: readonly Disturbance[] }) {
    this.#draw = drawStream(keyedDraw({ seed, faultId: 'quorum' }), 'all');
    this.#disturbances = disturbances;
    this.#nodes = new Map(
      NAMES.map((name) => {
        const peers = NAMES.filter((other) => other !== name);
        return [name, { member: newMember({ name, peers, rules }, this.#startMs, this.#draw()), resumesMs: 0, waiting: [] }] as const;
      }),
    );
    for (const name of NAMES) this.#ticks(name);
    this.#clients();
  }

  /** Who leads and is confirmed; the first by name. */
  leader(): string | undefined {
    return NAMES.find((name) => leads(this.#node(name).member, this.#clock.nowMs()));
  }

  member(name: string): Member {
    return this.#node(name).member;
  }

  run(forMs: number): QuorumOutcome {
    this.#clock.advance(forMs);
    return this.#outcome();
  }

  #node(name: string): Node {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`there is no ${name}`);
    return node;
  }

  #now(): Disturbance[] {
    const atMs = this.#clock.nowMs() - this.#startMs;
    return this.#disturbances.filter(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  }

  /** At once, or as soon as it no longer stands still. */
  #onNode(name: string, run: (moment: Moment) => void): void {
    const still = this.#now().find(({ paused }) => paused?.(name));
    if (still === undefined) run({ nowMs: this.#clock.nowMs(), draw: this.#draw() });
    // In the order in which it came.
    else this.#clock.after(this.#startMs + still.toMs - this.#clock.nowMs() + 0.001, () => this.#onNode(name, run));
  }

  #ticks(name: string): void {
    this.#clock.after(TICK_MS * (0.9 + 0.2 * this.#draw()), () => {
      this.#onNode(name, (moment) => {
        this.#become(name, tick(this.#node(name).member, moment));
        this.#ticks(name);
      });
    });
  }

  #become(name: string, { member, asks }: Step): void {
    const node = this.#node(name);
    const before = node.member;
    node.member = member;
    if (member.role.kind === 'leader' && (before.role.kind !== 'leader' || before.term !== member.term)) this.#noteLeader(member);
    node.waiting = node.waiting.filter(({ length, term, done }) => {
      const isCut = member.log[length - 1]?.term !== term || member.role.kind !== 'leader';
      if (isCut || member.committed >= length) done(!isCut);
      return !isCut && member.committed < length;
    });
    for (const { to, ask } of asks) this.#send(name, to, ask);
  }

  #noteLeader({ term, name }: Member): void {
    this.#elections++;
    const leaders = this.#leadersOf.get(term) ?? new Set();
    this.#leadersOf.set(term, leaders.add(name));
  }

  #send(from: string, to: string, ask: Ask): void {
    const askedMs = this.#clock.nowMs();
    let isHeard = false;
    const heard = (reply: Reply | undefined): void => {
      if (isHeard) return;
      isHeard = true;
      this.#onNode(from, (moment) => this.#become(from, hear(this.#node(from).member, { from: to, ask, askedMs, reply }, moment)));
    };
    this.#clock.after(REPLY_MS_MAX, () => heard(undefined));
    this.#carry(from, to, () =>
      this.#onNode(to, (moment) => {
        const { member, reply } = answer(this.#node(to).member, ask, moment);
        this.#become(to, { member, asks: [] });
        // On the connection that the question came on, so nothing else cuts it.
        this.#carry(from, to, () => heard(reply));
      }),
    );
  }

  #carry(from: string, to: string, arrive: () => void): void {
    const isLost = this.#now().some(({ cut, loss = 0 }) => cut?.(from, to) || this.#draw() < loss);
    const slow = this.#draw() < 0.05 ? 200 : 10;
    if (!isLost) this.#clock.after(1 + slow * this.#draw(), arrive);
  }

  /** One writes to, and one reads from, any that would answer; whoever is not told the outcome does not ask again. */
  #clients(): void {
    this.#clock.after(CLIENT_MS * (0.5 + this.#draw()), () => {
      const who = NAMES.filter((name) => this.#node(name).member.role.kind === 'leader');
      for (const name of who) {
        const key = KEYS[Math.floor(this.#draw() * KEYS.length)] ?? 'a';
        const [known, newestTerm] = [this.#newestOf(key), this.#newestTerm];
        this.#onNode(name, (moment) => this.#write(name, { key, newestTerm }, moment));
        this.#onNode(name, ({ nowMs }) => this.#read(name, key, { nowMs, known }));
      }
      this.#clients();
    });
  }

  #write(name: string, { key, newestTerm }: { key: string; newestTerm: number }, moment: Moment): void {
    const value = `${++this.#written}`;
    const step = write(this.#node(name).member, { key, value }, moment);
    if (step === undefined) return;
    const { term } = step.member;
    const length = step.member.log.length;
    this.#node(name).waiting.push({
      length,
      term,
      done: (isDone) => {
        if (!isDone) return;
        this.#acknowledged.push({ key, value, term, length, by: name });
        if (this.#now().length > 0) this.#amidst++;
        if (term < newestTerm) this.#stale++;
        this.#newestTerm = Math.max(this.#newestTerm, term);
      },
    });
    this.#become(name, step);
  }

  #newestOf(key: string): number {
    return this.#acknowledged.findLast((one) => one.key === key)?.length ?? 0;
  }

  #read(name: string, key: string, { nowMs, known }: { nowMs: number; known: number }): void {
    const { member } = this.#node(name);
    if (!leads(member, nowMs) || member.log[member.committed - 1]?.term !== member.term) return;
    const place = member.log.slice(0, member.committed).findLastIndex((entry) => entry.key === key);
    if (place + 1 < known) this.#staleReads++;
  }

  #outcome(): QuorumOutcome {
    const leader = this.leader();
    const log = leader === undefined ? [] : this.member(leader).log;
    const decided = (name: string) => this.member(name).log.slice(0, this.member(name).committed);
    const differs = (name: string) => decided(name).some(({ term, value }, i) => log[i]?.term !== term || log[i]?.value !== value);
    return {
      acknowledged: this.#acknowledged,
      sharedTerms: [...this.#leadersOf.values()].filter(({ size }) => size > 1).length,
      lost: this.#acknowledged.filter(({ length, term, value }) => log[length - 1]?.term !== term || log[length - 1]?.value !== value)
        .length,
      stale: this.#stale,
      staleReads: this.#staleReads,
      elections: this.#elections,
      different: NAMES.filter(differs).length,
      hasLeader: leader !== undefined && NAMES.every((name) => isLed(this.member(name), this.#clock.nowMs())),
      acknowledgedAmidst: this.#amidst,
    };
  }
}

/** A few disturbances one after the other, some at once, each of a kind and length that the seed says; the last ends before `toMs`. */
export function randomDisturbances(seed: number, toMs: number): Disturbance[] {
  const draw = drawStream(keyedDraw({ seed, faultId: 'disturbances' }), 'all');
  const list: Disturbance[] = [];
  for (let fromMs = 4_000 * draw(); fromMs < toMs; ) {
    const lastsMs = 500 + 6_000 * draw();
    list.push({ fromMs, toMs: Math.min(toMs, fromMs + lastsMs), ...randomHarm(draw) });
    fromMs += lastsMs * (0.5 + draw());
  }
  return list;
}

function randomHarm(draw: () => number): Pick<Disturbance, 'cut' | 'paused' | 'loss'> {
  const kind = Math.floor(draw() * 4);
  const side = new Set(NAMES.filter(() => draw() < 0.4));
  const [one, other] = [NAMES[Math.floor(draw() * 5)], NAMES[Math.floor(draw() * 5)]];
  if (kind === 0) return { cut: (from, to) => side.has(from as never) !== side.has(to as never) };
  if (kind === 1) return { cut: (from, to) => from === one && (to === other || draw() < 0.5) };
  if (kind === 2) return { paused: (name) => name === one };
  return { loss: 0.4 * draw() };
}
