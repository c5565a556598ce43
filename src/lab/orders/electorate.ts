/** One member among its peers: says its word, asks for votes, and keeps what `election.ts` decides. What renews a lease is assent, not any answer. */
import type { Clock } from '../../core/clock.js';
import { drawStream, keyedDraw } from '../../core/random.js';
import type { JsonCaller } from '../call-json.js';
import type { Address } from '../environment.js';
import { every } from '../every.js';
import { majorityOf } from '../majority.js';
import { BEAT_MS, expire, follows, hear, isDue, leads, type Member, newMember, renew, stand, vote, win } from './election.js';

export interface ElectorateOptions {
  readonly name: string;
  readonly peers: readonly Address[];
  /** With a connection for each call, as partitions are felt by those who open some. */
  readonly caller: JsonCaller;
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

export class Electorate implements Disposable {
  readonly #options: ElectorateOptions;
  readonly #draw: () => number;
  readonly #beats: Disposable;
  #member: Member;
  #sees = 1;

  constructor(options: ElectorateOptions) {
    const { name, clock, log } = options;
    this.#options = options;
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

  /** A word of another member; only a leader's has consequences. Tells whether a leader of that term is followed, which it has to know for its lease. */
  heard({ term, from, role }: { term: number; from: string; role: string }): boolean {
    if (role === 'leader') this.#become(hear(this.#member, { term, from }, this.#options.clock.nowMs(), this.#draw()));
    return follows(this.#member, term);
  }

  asked(term: number): boolean {
    const { member, granted } = vote(this.#member, term, this.#options.clock.nowMs(), this.#draw());
    this.#become(member);
    return granted;
  }

  [Symbol.dispose](): void {
    this.#beats[Symbol.dispose]();
  }

  async #beat(): Promise<void> {
    const { clock } = this.#options;
    this.#become(expire(this.#member, clock.nowMs(), this.#draw()));
    if (isDue(this.#member, clock.nowMs())) await this.#standForElection();
    const { term, name } = this.#member;
    const saidMs = clock.nowMs();
    const answers = await this.#tell('/beat', { term, from: name, role: this.standing().role });
    this.#sees = 1 + answers.filter((answer) => answer.status === 200).length;
    const followed = 1 + answers.filter(({ body }) => body['heard'] === true).length;
    if (this.#isMajority(followed)) this.#become(renew(this.#member, term, saidMs));
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
    const { peers, caller } = this.#options;
    return Promise.all(peers.map((peer) => caller.call(peer, { method: 'POST', path, body, answerMsMax: PEER_MS_MAX })));
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
