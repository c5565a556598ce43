/**
 * What a run knows of its agents: what each was ordered, what it has answered, how its clock stands to ours, and whether it can be followed. What a reader
 * gets wrong: an agent is not lost because it is slow. It is lost when its registration is gone or another one, or when it says that it has let go.
 */
import type { Clock } from '../../core/clock.js';
import type { ClockOffset } from './clock-offset.js';
import { lifeOf, type Registration, registrationSchema } from './entries.js';
import type { Applied, FaultState, OrdersText } from './orders.js';

export interface Member {
  readonly name: string;
  readonly registration: Registration;
  /** Create revision of the registration. */
  readonly revision: number;
  readonly clock: ClockOffset;
  /** It has the same monotonic clock as we have. */
  readonly hasOurClock: boolean;
  orders: OrdersText;
  /** When the newest orders were sent. */
  orderedMs: number;
  applied: Applied | undefined;
  /** Why it cannot be followed any more, and since when. */
  lost: { reason: string; atMs: number } | undefined;
  /** What is known of the process itself: `away`, its lease has run out; `dead`, it will never be heard of again. */
  process: 'alive' | 'away' | 'dead';
}

/** A registration that was found. */
export interface Seen {
  /** Its create revision. */
  revision: number;
  /** See `lifeOf`. */
  life: string;
}

/** Of an entry in etcd; whoever has written something else there has taken the name. */
export function seenIn({ value, createRevision: revision }: { value: string; createRevision: number }): Seen {
  try {
    const parsed = registrationSchema.safeParse(JSON.parse(value));
    return { revision, life: parsed.success ? lifeOf(parsed.data) : '' };
  } catch {
    return { revision, life: '' };
  }
}

export class Roster {
  readonly #clock: Clock;
  readonly #members = new Map<string, Member>();
  readonly #onLost: (members: readonly Member[]) => void;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, onLost: (members: readonly Member[]) => void) {
    this.#clock = clock;
    this.#onLost = onLost;
  }

  add(member: Member): void {
    this.#members.set(member.name, member);
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Those that can be followed. */
  get present(): readonly Member[] {
    return this.members.filter(({ lost }) => lost === undefined);
  }

  get lost(): readonly Member[] {
    return this.members.filter(({ lost }) => lost !== undefined);
  }

  member(name: string): Member | undefined {
    return this.#members.get(name);
  }

  /** An answer of one of them. */
  heard(applied: Applied): void {
    const member = this.#members.get(applied.agent);
    if (member === undefined || applied.epoch !== member.orders.epoch) return;
    if (member.applied !== undefined && applied.writtenMs < member.applied.writtenMs) return;
    if (applied.n === member.orders.n && member.applied?.n !== applied.n) {
      member.clock.add({ askedMs: member.orderedMs, seenMs: applied.seenMs, toldMs: applied.writtenMs, heardMs: this.#clock.nowMs() });
    }
    member.applied = applied;
    if (applied.left !== undefined) this.lose(member, `it has let go of the run (${applied.left.reason})`);
    this.#wake();
  }

  /** The registration as it is now; undefined: it is gone. */
  seen(name: string, found: Seen | undefined): void {
    const member = this.#members.get(name);
    if (member === undefined || member.process === 'dead') return;
    if (found === undefined) member.process = 'away';
    else member.process = found.life === lifeOf(member.registration) ? 'alive' : 'dead';
    if (member.revision === found?.revision) return;
    const reasons = { away: 'its registration is gone', dead: 'it was started anew', alive: 'it was away for longer than its lease' };
    this.lose(member, reasons[member.process]);
    this.#wake();
  }

  lose(member: Member, reason: string): void {
    if (member.lost !== undefined) return;
    member.lost = { reason, atMs: this.#clock.nowMs() };
    this.#onLost([member]);
    this.#wake();
  }

  /** What it takes to put an instant of an agent on our clock, and by how much that may be wrong. */
  offsetOf(name: string): { offsetMs: number; boundMs: number } | undefined {
    const member = this.#members.get(name);
    if (member === undefined) return undefined;
    return member.hasOurClock ? { offsetMs: 0, boundMs: 0 } : member.clock.estimate(this.#clock.nowMs());
  }

  /** A fault on all hosts that know of it. */
  statesOf(fault: string): readonly { member: Member; state: FaultState }[] {
    return this.members.flatMap((member) => {
      const state = member.applied?.faults[fault];
      return state === undefined ? [] : [{ member, state }];
    });
  }

  /** Waits until it is so of all these that are still present, or the time is over; returns those of which it is not. */
  async until(members: readonly Member[], isSo: (member: Member) => boolean, withinMs: number): Promise<readonly Member[]> {
    const giveUpMs = this.#clock.nowMs() + withinMs;
    for (;;) {
      const others = members.filter((member) => member.lost === undefined && !isSo(member));
      const leftMs = giveUpMs - this.#clock.nowMs();
      if (others.length === 0 || leftMs <= 0) return others;
      await this.#news(leftMs);
    }
  }

  #news(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const timer = this.#clock.after(withinMs, done);
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
