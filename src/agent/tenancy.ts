/**
 * Whom an agent obeys, as a pure function: something has happened, the time is what it is; out come the next state and what is to be done. What a reader
 * gets wrong: hearing from a run is no proof that it lives. Only an answer of etcd about its lease is, counted from when the question was asked.
 */
import type { LeaveReason, Orders } from '../orchestrator/fleet/orders.js';

export type Tenancy =
  | { kind: 'free' }
  /** `provenUntilMs` undefined: nobody has proven yet that the run lives, so nothing is done for it. */
  | { kind: 'held'; run: string; epoch: number; lease: string; provenUntilMs: number | undefined }
  /** Healed, and deaf to that run for good; its links go on carrying traffic. */
  | { kind: 'left'; run: string; epoch: number; sinceMs: number };

export interface AgentState {
  tenancy: Tenancy;
  /** Orders that are not newer than these, by epoch and then by revision, are refused. */
  newest: { epoch: number; revision: number };
  isHalted: boolean;
  /** The create revision of the agent's own registration; orders for an earlier life of it are refused. */
  registration: number;
}

export type AgentEvent =
  | { kind: 'orders'; orders: Pick<Orders, 'run' | 'epoch' | 'lease' | 'registration'>; revision: number }
  /** What was wanted of this agent is there no more: the run has ended, or its lease has. */
  | { kind: 'gone'; run: string }
  /** What etcd said to a question about a lease that was asked at `askedMs`; undefined: it is gone. */
  | { kind: 'proof'; lease: string; askedMs: number; remainingMs: number | undefined }
  | { kind: 'halt'; isHalted: boolean }
  | { kind: 'tick' };

export type AgentAct =
  /** A run begins: nothing of any other is left after it. */
  | { act: 'take'; run: string; epoch: number }
  /** Do what the newest orders want. */
  | { act: 'follow' }
  /** Faults may go on. */
  | { act: 'renew' }
  /** End every fault now, whatever is being done. */
  | { act: 'heal'; reason: LeaveReason }
  /** The run is over for everybody: its services end, its links when they are quiet. */
  | { act: 'forget' }
  | { act: 'refuse'; why: 'older' | 'halted' | 'left' | 'anotherLife' };

export interface Decision {
  state: AgentState;
  acts: readonly AgentAct[];
}

/** How long services and links of a run outlive what is known of it, where etcd cannot be asked what became of it. */
export const ORPHAN_MS = 60_000;

export function firstState(registration: number): AgentState {
  return { tenancy: { kind: 'free' }, newest: { epoch: 0, revision: 0 }, isHalted: false, registration };
}

export function decide(before: AgentState, event: AgentEvent, nowMs: number): Decision {
  // Whoever slept finds out before anything else.
  const { state, acts } = overdue(before, nowMs);
  const next = answer(state, event, nowMs);
  return { state: next.state, acts: [...acts, ...next.acts] };
}

function overdue(state: AgentState, nowMs: number): Decision {
  const { tenancy } = state;
  if (tenancy.kind === 'held' && tenancy.provenUntilMs !== undefined && nowMs >= tenancy.provenUntilMs)
    return leave(state, 'unproven', nowMs);
  if (tenancy.kind === 'left' && nowMs - tenancy.sinceMs >= ORPHAN_MS)
    return { state: { ...state, tenancy: { kind: 'free' } }, acts: [{ act: 'forget' }] };
  return { state, acts: [] };
}

function answer(state: AgentState, event: AgentEvent, nowMs: number): Decision {
  switch (event.kind) {
    case 'orders':
      return hear(state, event);
    case 'gone':
      return over(state, event.run);
    case 'proof':
      return believe(state, event, nowMs);
    case 'halt': {
      const halted = { ...state, isHalted: event.isHalted };
      return event.isHalted && state.tenancy.kind === 'held' ? leave(halted, 'halted', nowMs) : { state: halted, acts: [] };
    }
    case 'tick': {
      const isProven = state.tenancy.kind === 'held' && state.tenancy.provenUntilMs !== undefined;
      return { state, acts: isProven ? [{ act: 'renew' }] : [] };
    }
  }
}

function hear(state: AgentState, { orders, revision }: Extract<AgentEvent, { kind: 'orders' }>): Decision {
  const { run, epoch, lease, registration } = orders;
  const refused = (why: Extract<AgentAct, { act: 'refuse' }>['why']): Decision => ({ state, acts: [{ act: 'refuse', why }] });
  const { newest, tenancy } = state;
  if (registration !== state.registration) return refused('anotherLife');
  if (epoch < newest.epoch || (epoch === newest.epoch && revision <= newest.revision)) return refused('older');
  if (tenancy.kind === 'left' && tenancy.epoch === epoch) return refused('left');
  if (state.isHalted) return refused('halted');
  const heard = { ...state, newest: { epoch, revision } };
  if (tenancy.kind === 'held' && tenancy.epoch === epoch) {
    return { state: heard, acts: tenancy.provenUntilMs === undefined ? [] : [{ act: 'follow' }] };
  }
  const heal: readonly AgentAct[] = tenancy.kind === 'held' ? [{ act: 'heal', reason: 'ended' }] : [];
  const forget: readonly AgentAct[] = tenancy.kind === 'free' ? [] : [{ act: 'forget' }];
  const held: Tenancy = { kind: 'held', run, epoch, lease, provenUntilMs: undefined };
  return { state: { ...heard, tenancy: held }, acts: [...heal, ...forget, { act: 'take', run, epoch }] };
}

function believe(state: AgentState, { lease, askedMs, remainingMs }: Extract<AgentEvent, { kind: 'proof' }>, nowMs: number): Decision {
  const { tenancy } = state;
  if (tenancy.kind !== 'held' || tenancy.lease !== lease) return { state, acts: [] };
  if (remainingMs === undefined) return over(state, tenancy.run);
  const untilMs = askedMs + remainingMs;
  // An answer that took longer than what it promises proves nothing, and an older one never takes back a newer.
  if (untilMs <= Math.max(nowMs, tenancy.provenUntilMs ?? 0)) return { state, acts: [] };
  const proven = { ...state, tenancy: { ...tenancy, provenUntilMs: untilMs } };
  return { state: proven, acts: tenancy.provenUntilMs === undefined ? [{ act: 'renew' }, { act: 'follow' }] : [{ act: 'renew' }] };
}

function leave(state: AgentState, reason: LeaveReason, nowMs: number): Decision {
  const { tenancy } = state;
  if (tenancy.kind !== 'held') return { state, acts: [] };
  const { run, epoch } = tenancy;
  return { state: { ...state, tenancy: { kind: 'left', run, epoch, sinceMs: nowMs } }, acts: [{ act: 'heal', reason }] };
}

/** Nobody will ever speak for that run again. */
function over(state: AgentState, run: string): Decision {
  const { tenancy } = state;
  if (tenancy.kind === 'free' || tenancy.run !== run) return { state, acts: [] };
  const heal: readonly AgentAct[] = tenancy.kind === 'held' ? [{ act: 'heal', reason: 'leaseGone' }] : [];
  return { state: { ...state, tenancy: { kind: 'free' } }, acts: [...heal, { act: 'forget' }] };
}
