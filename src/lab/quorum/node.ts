/**
 * A member among its peers, over HTTP: what `step.ts` decides is asked of them, and who waits for a write hears when it is decided. Every question has
 * a connection of its own, as partitions of connections are felt by those who open some.
 */
import { type Clock, sleep } from '../../core/clock.js';
import { drawStream, keyedDraw } from '../../core/random.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { every } from '../every.js';
import { confirmedMs, isCaughtUp, leads, type Member, type Moment, newMember, type Rules } from './member.js';
import { type Ask, type Reply, replySchema } from './messages.js';
import { answer, hear, type Step, tick, write } from './step.js';
import { Waiting } from './waiting.js';

interface NodeOptions {
  readonly name: string;
  readonly peers: ReadonlyMap<string, Address>;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

/** What a member says of itself when asked. */
export interface Standing {
  readonly role: 'leader' | 'follower';
  readonly term: number;
  readonly leader?: string;
  readonly entries: number;
  readonly committed: number;
}

/** `unknown`: it may still be decided. */
type Written = { readonly kind: 'done'; readonly term: number } | { readonly kind: 'notLed' } | { readonly kind: 'unknown' };

const TICK_MS = 50;
const PEER_MS_MAX = 600;
/** Says the leader's term in each of its words; votes are asked for without it. */
export const TERM_HEADER = 'x-term';

export class Node implements AsyncDisposable {
  readonly #options: NodeOptions;
  readonly #caller: JsonCaller;
  readonly #draw: () => number;
  readonly #ticks: Disposable;
  readonly #waiting = new Waiting();
  #member: Member;

  constructor(options: NodeOptions) {
    const { name, peers, rules, clock, log } = options;
    this.#options = options;
    this.#caller = createJsonCaller(clock, { reuse: false });
    this.#draw = drawStream(keyedDraw({ seed: 0, faultId: 'quorum' }), name);
    this.#member = newMember({ name, peers: [...peers.keys()], rules }, clock.nowMs(), this.#draw());
    this.#ticks = every(
      clock,
      TICK_MS,
      () => Promise.resolve(this.#take(tick(this.#member, this.#moment()))),
      (error) => log({ event: 'tick', error: String(error) }),
    );
  }

  get member(): Member {
    return this.#member;
  }

  standing(): Standing {
    const { term, role, name, log, committed } = this.#member;
    const figures = { term, entries: log.length, committed };
    if (leads(this.#member, this.#options.clock.nowMs())) return { role: 'leader', leader: name, ...figures };
    const leader = role.kind === 'follower' ? role.leader : undefined;
    return { role: 'follower', ...(leader !== undefined && { leader }), ...figures };
  }

  /** Somebody else's question. */
  answer(ask: Ask): Reply {
    const { member, reply } = answer(this.#member, ask, this.#moment());
    this.#take({ member, asks: [] });
    return reply;
  }

  /** The term in which it was decided; or that it was not led, or that nobody knows (yet). */
  async write(entry: { key: string; value: string }, waitMsMax: number): Promise<Written> {
    const step = write(this.#member, entry, this.#moment());
    if (step === undefined) return { kind: 'notLed' };
    const { term, log } = step.member;
    const done = this.#waiting.until({ length: log.length, term });
    this.#take(step);
    const late = sleep(this.#options.clock, waitMsMax).then(() => false);
    return (await Promise.race([done, late])) ? { kind: 'done', term } : { kind: 'unknown' };
  }

  /** Whether it may tell what it knows as what is so: by its lease, or when a majority has followed it after now. */
  async mayRead(by: 'lease' | 'majority', waitMsMax: number): Promise<boolean> {
    const { clock } = this.#options;
    const askedMs = clock.nowMs();
    const isKnown = (): boolean => isCaughtUp(this.#member) && leads(this.#member, clock.nowMs());
    if (by === 'lease') return isKnown();
    for (;;) {
      if (isKnown() && confirmedMs(this.#member, clock.nowMs()) >= askedMs) return true;
      if (clock.nowMs() >= askedMs + waitMsMax || this.#member.role.kind !== 'leader') return false;
      await sleep(clock, TICK_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ticks[Symbol.dispose]();
    await this.#caller[Symbol.asyncDispose]();
  }

  #moment(): Moment {
    return { nowMs: this.#options.clock.nowMs(), draw: this.#draw() };
  }

  #take({ member, asks }: Step): void {
    const before = this.#member;
    this.#member = member;
    if (before.role.kind !== member.role.kind) this.#options.log({ event: member.role.kind, term: member.term });
    this.#waiting.look(member);
    for (const { to, ask } of asks) void this.#ask(to, ask);
  }

  async #ask(to: string, ask: Ask): Promise<void> {
    const address = this.#options.peers.get(to);
    if (address === undefined) return;
    const askedMs = this.#options.clock.nowMs();
    const { status, body } = await this.#caller.call(address, {
      method: 'POST',
      path: `/${ask.kind}`,
      headers: ask.kind === 'append' ? { [TERM_HEADER]: String(ask.term) } : {},
      body: ask,
      answerMsMax: PEER_MS_MAX,
    });
    const reply = status === 200 || status === 409 ? replySchema.safeParse(body).data : undefined;
    this.#take(hear(this.#member, { from: to, ask, askedMs, reply }, this.#moment()));
  }
}
