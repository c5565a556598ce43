/**
 * Round robin over hosts, without those that ejection has taken out. Hosts are numbers, time is an argument; sockets are somebody else's.
 * With every host out the balancer uses them all: a bad answer beats none.
 */
import assert from 'node:assert';
import { type EjectionPolicy, type HostState, newHost, observe, readmit } from './ejection.js';

export interface Balancer {
  /** The host for the next request, 0…hostCount − 1. */
  pick(nowMs: number): number;
  /** How a request to that host went. */
  report(host: number, failed: boolean, nowMs: number): void;
}

export interface BalancerOptions {
  readonly hostCount: number;
  /** Left out: nobody is ever ejected. */
  readonly ejection?: EjectionPolicy;
  /** Told of every ejection and every return. */
  readonly onChange?: (host: number, state: HostState) => void;
}

export function createBalancer({ hostCount, ejection, onChange }: BalancerOptions): Balancer {
  assert(hostCount > 0, 'a balancer needs a host');
  const states = Array.from({ length: hostCount }, () => newHost);
  const outMax = ejection === undefined ? 0 : Math.floor(hostCount * ejection.outRatioMax);
  let next = 0;

  const stateOf = (host: number): HostState => states[host] ?? newHost;
  const change = (host: number, state: HostState): void => {
    const before = stateOf(host);
    states[host] = state;
    if (before.kind !== state.kind) onChange?.(host, state);
  };
  const readmitServed = (nowMs: number): void => {
    for (const [host, state] of states.entries()) change(host, readmit(state, nowMs));
  };
  const outCount = (): number => states.filter((state) => state.kind === 'out').length;

  return {
    pick(nowMs) {
      readmitServed(nowMs);
      const turn = Array.from({ length: hostCount }, (_, i) => (next + i) % hostCount);
      const host = turn.find((candidate) => stateOf(candidate).kind === 'in') ?? next;
      // From the host that was taken, not from the turn: the neighbour of an ejected host would get its share too.
      next = (host + 1) % hostCount;
      return host;
    },
    report(host, failed, nowMs) {
      if (ejection === undefined) return;
      readmitServed(nowMs);
      change(host, observe(stateOf(host), { failed, mayEject: outCount() < outMax, nowMs }, ejection));
    },
  };
}
