/**
 * The faults of one run on one host: made ready, put on at the instant that was ordered, ended, and each of them only once. What a reader gets wrong: a fault
 * that has ended is remembered, so that orders which still name it do not put it on again.
 */
import type { Clock, Timer } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import type { FaultSpec } from '../dataplane/faults/spec.js';
import type { Faults } from '../orchestrator/drivers/driver.js';
import type { FaultOrder, FaultState } from '../orchestrator/fleet/orders.js';

export interface FaultDeskPorts {
  clock: Clock;
  faults: Faults;
  /** Throws what putting it on would throw. */
  check(spec: FaultSpec): void;
  /** Something is otherwise than it was. */
  onChanged(): void;
  /** From when a fault is on until that is told: all hosts begin at one instant, and none is to hold another up with its news. */
  newsAfterMs: number;
}

interface Kept {
  spec: FaultSpec;
  state: FaultState;
  /** Set once an instant was ordered. */
  timer: Timer | undefined;
}

export class FaultDesk {
  readonly #ports: FaultDeskPorts;
  readonly #kept = new Map<string, Kept>();
  /** The run was let go of: nothing is put on any more, whatever was on its way. */
  #isClosed = false;

  constructor(ports: FaultDeskPorts) {
    this.#ports = ports;
  }

  get states(): Readonly<Record<string, FaultState>> {
    return Object.fromEntries([...this.#kept].map(([id, { state }]) => [id, state]));
  }

  /** Those that are on, as far as is known. */
  get on(): readonly FaultSpec[] {
    return [...this.#kept.values()].flatMap(({ spec, state }) => (state.state === 'on' ? [spec] : []));
  }

  /** Ends what is wanted no more, and resolves when that is done; makes ready what is new, and sets the time for what has one. */
  async follow(orders: readonly FaultOrder[]): Promise<void> {
    if (this.#isClosed) return;
    const wanted = new Set(orders.map(({ spec }) => spec.id));
    const over = [...this.#kept].filter(([id, { state }]) => !wanted.has(id) && state.state !== 'ended' && state.state !== 'refused');
    const ended = this.#end(over.map(([id]) => id));
    for (const { spec, startAtMs } of orders) {
      const kept = this.#kept.get(spec.id) ?? this.#arm(spec);
      if (kept.state.state !== 'armed' || startAtMs === null || kept.timer !== undefined) continue;
      const delayMs = Math.max(0, startAtMs - this.#ports.clock.nowMs());
      // Awake before its time it would only take the processor from others that are due with it.
      kept.timer = this.#ports.clock.after(delayMs, () => void this.#putOn(kept, startAtMs), { isRough: true });
    }
    await ended;
  }

  /** Looks which have ended by themselves. */
  async look(): Promise<void> {
    const on = [...this.#kept.values()].filter(({ state }) => state.state === 'on');
    if (on.length === 0) return;
    const active = new Set((await this.#ports.faults.active()).map(({ id }) => id));
    const over = on.filter(({ spec, state }) => state.state === 'on' && !active.has(spec.id));
    for (const kept of over) kept.state = this.#endOf(kept);
    if (over.length > 0) this.#ports.onChanged();
  }

  /** Ends all of them, for good. Rejects where one could not be ended; it may be tried again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const kept of this.#kept.values()) {
      kept.timer?.cancel();
      if (kept.state.state === 'armed') kept.state = this.#endOf(kept);
    }
    await this.#ports.faults.heal();
    for (const kept of this.#kept.values()) if (kept.state.state === 'on') kept.state = this.#endOf(kept);
    this.#ports.onChanged();
  }

  #arm(spec: FaultSpec): Kept {
    const kept: Kept = { spec, state: { state: 'armed' }, timer: undefined };
    try {
      this.#ports.check(spec);
    } catch (error) {
      kept.state = refusedBy(error);
    }
    this.#kept.set(spec.id, kept);
    return kept;
  }

  async #putOn(kept: Kept, startAtMs: number): Promise<void> {
    if (this.#isClosed || kept.state.state !== 'armed') return;
    const { clock, faults, onChanged, newsAfterMs } = this.#ports;
    const atMs = clock.nowMs();
    kept.state = { state: 'on', atMs, lateMs: atMs - startAtMs };
    try {
      await faults.inject([kept.spec]);
    } catch (error) {
      kept.state = refusedBy(error);
    }
    clock.after(newsAfterMs, onChanged, { isRough: true });
  }

  async #end(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.#kept.get(id)?.timer?.cancel();
    await this.#ports.faults.heal(ids.filter((id) => this.#kept.get(id)?.state.state === 'on'));
    for (const id of ids) {
      const kept = this.#kept.get(id);
      if (kept !== undefined) kept.state = this.#endOf(kept);
    }
  }

  #endOf({ state }: Kept): FaultState {
    return { state: 'ended', atMs: this.#ports.clock.nowMs(), ...(state.state === 'on' && { beganMs: state.atMs }) };
  }
}

function refusedBy(error: unknown): FaultState {
  return { state: 'refused', ...failureOf(error) };
}

/** A failure as it travels; what has no code is told by its words. */
export function failureOf(error: unknown): { code: string; details: Record<string, unknown> } {
  if (error instanceof LabError) return { code: error.code, details: { ...error.details } };
  return { code: 'INTERNAL', details: { reason: reasonOf(error) } };
}
