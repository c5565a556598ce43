/** One member among its peers: says its word, asks for votes, and keeps what `election.ts` decides. Every call has a connection of its own. */
import type { Clock } from '../../core/clock.js';
import { drawStream, keyedDraw } from '../../core/random.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { every } from '../every.js';
import { majorityOf } from '../majority.js';
import { BEAT_MS, expire, hear, isDue, leads, type Member, newMember, renew, stand, vote, win } from './election.js';

export interface ElectorateOptions {
  readonly name: string;
  readonly peers: readonly Address[];
  readonly clock: Clock;
  readonly log: (event: Readonly<Record<string, unknown>>) => void;
}

/** What a member says of itself when asked. */
export interface Standing {
  readonly role: 'leader' | 'follower';
  readonly term: number;
  readonly leader?: string;
  /** Members that answered its last word, itself included. */
  readonly sees: number;
}

const PEER_MS_MAX = 600;

export class Electorate implements AsyncDisposable {
  readonly #options: ElectorateOptions;
  readonly #caller: JsonCaller;
  readonly #draw: () => number;
  readonly #beats: Disposable;
  #member: Member;
  #sees = 1;

  constructor(options: ElectorateOptions) {
    const { name, clock, log } = options;
    this.#options = options;
    this.#caller = createJsonCaller(clock, { reuse: false });
    this.#draw = drawStream(keyedDraw({ seed: 0, faultId: 'election' }), name);
    this.#member = newMember(name, clock.nowMs(), this.#draw());
    this.#beats = every(
      clock,
      BEAT_MS,
      () => this.#beat(),
      (error) => log({ event: 'beat', error: String(error) }),
    );
  }

  standing(): Standing {
    const { term, role, name } = this.#member;
    if (leads(this.#member, this.#options.clock.nowMs())) return { role: 'leader', term, leader: name, sees: this.#sees };
    const leader = role.kind === 'follower' ? role.leader : undefined;
    return { role: 'follower', term, ...(leader !== undefined && { leader }), sees: this.#sees };
  }

  /** A word of another member; only a leader's has consequences. */
  heard({ term, from, role }: { term: number; from: string; role: string }): void {
    if (role === 'leader') this.#become(hear(this.#member, { term, from }, this.#options.clock.nowMs(), this.#draw()));
  }

  asked(term: number): boolean {
    const { member, granted } = vote(this.#member, term, this.#options.clock.nowMs());
    this.#become(member);
    return granted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#beats[Symbol.dispose]();
    await this.#caller[Symbol.asyncDispose]();
  }

  async #beat(): Promise<void> {
    const { clock } = this.#options;
    this.#become(expire(this.#member, clock.nowMs(), this.#draw()));
    if (isDue(this.#member, clock.nowMs())) await this.#standForElection();
    const { term, name } = this.#member;
    const saidMs = clock.nowMs();
    const answers = await this.#tell('/beat', { term, from: name, role: this.standing().role });
    this.#sees = 1 + answers.filter((answer) => answer.status === 200).length;
    if (this.#isMajority(this.#sees)) this.#become(renew(this.#member, term, saidMs));
  }

  async #standForElection(): Promise<void> {
    const { clock } = this.#options;
    this.#become(stand(this.#member, clock.nowMs(), this.#draw()));
    const askedMs = clock.nowMs();
    const term = this.#member.promised;
    const answers = await this.#tell('/vote', { term, from: this.#member.name });
    const votes = 1 + answers.filter(({ body }) => body['granted'] === true).length;
    if (this.#isMajority(votes)) this.#become(win(this.#member, term, askedMs));
  }

  /** All at once; who is silent costs no more than one time limit. */
  #tell(path: string, body: object) {
    const { peers } = this.#options;
    return Promise.all(peers.map((peer) => this.#caller.call(peer, { method: 'POST', path, body, answerMsMax: PEER_MS_MAX })));
  }

  #isMajority(count: number): boolean {
    return count >= majorityOf(this.#options.peers.length + 1);
  }

  #become(next: Member): void {
    const before = this.#member;
    this.#member = next;
    if (before.role.kind !== next.role.kind) this.#options.log({ event: next.role.kind, term: next.term });
  }
}
