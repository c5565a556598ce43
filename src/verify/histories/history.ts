/**
 * A history as it is recorded, event by event, in the manner of Jepsen, and the operations that it tells of. Histories come from files and from the wire, so
 * one that makes no sense is no error of ours: it is told as a problem, and nothing is judged by it.
 */
import type { Operation, Value } from './operation.js';

export interface HistoryEvent {
  /** Grows from event to event. */
  readonly index: number;
  /** Has one operation open at a time; after an `info` it is heard of no more. */
  readonly process: string;
  /** Monotonic milliseconds, one clock for all. */
  readonly atMs: number;
  /** `fail`: certainly not done. `info`: nobody knows, as after a time-out. */
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly key?: string;
  readonly value?: Value;
  readonly token?: number;
  readonly version?: number;
  readonly validMs?: number;
  /** Of a `fail`: it came to nothing on its way there, so it is no refusal. */
  readonly neverArrived?: true;
}

export interface History {
  readonly operations: readonly Operation[];
  /** What makes no sense in it, one sentence each; empty in a history that can be judged. */
  readonly problems: readonly string[];
}

/** More would say nothing new. */
const PROBLEMS_MAX = 10;

const OUTCOMES = { ok: 'ok', fail: 'failed', info: 'unknown' } as const;

/** Pairs each invocation with its end; what never ended is of unknown outcome. */
export function historyOf(events: readonly HistoryEvent[]): History {
  const operations: Operation[] = [];
  const problems: string[] = [];
  const open = new Map<string, HistoryEvent>();
  const retired = new Set<string>();
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    const problem = Number.isFinite(event.atMs) && event.atMs >= lastMs ? objectionTo(event, open, retired) : 'goes back in time';
    if (problem !== undefined) {
      if (problems.length < PROBLEMS_MAX) problems.push(`event ${event.index} of process ${event.process} ${problem}`);
      continue;
    }
    lastMs = event.atMs;
    if (event.type === 'invoke') {
      open.set(event.process, event);
      continue;
    }
    const invoked = open.get(event.process);
    if (invoked !== undefined) operations.push(operationOf(invoked, event));
    open.delete(event.process);
    if (event.type === 'info') retired.add(event.process);
  }
  for (const invoked of open.values()) operations.push(operationOf(invoked, { ...invoked, type: 'info' }));
  return { operations: operations.sort((a, b) => a.startMs - b.startMs || a.id - b.id), problems };
}

function objectionTo(event: HistoryEvent, open: ReadonlyMap<string, HistoryEvent>, retired: ReadonlySet<string>): string | undefined {
  const { process, type, f, key } = event;
  if (!Object.hasOwn(OUTCOMES, type) && type !== 'invoke') return `is of the type ${JSON.stringify(type)}, which there is not`;
  if (retired.has(process)) return 'comes after one of unknown outcome: whoever goes on has to be a new process';
  const invoked = open.get(process);
  if (type === 'invoke') return invoked === undefined ? undefined : `begins while event ${invoked.index} is still open`;
  if (invoked === undefined) return 'ends what never began';
  return invoked.f === f && invoked.key === key ? undefined : `ends ${f}, but ${invoked.f} had begun`;
}

function operationOf(invoked: HistoryEvent, ended: HistoryEvent): Operation {
  const outcome = OUTCOMES[ended.type as keyof typeof OUTCOMES];
  const told = <K extends 'token' | 'version' | 'validMs'>(name: K): { [key in K]?: number } => {
    const figure = ended[name] ?? invoked[name];
    return (figure === undefined ? {} : { [name]: figure }) as { [key in K]?: number };
  };
  return {
    id: invoked.index,
    process: invoked.process,
    f: invoked.f,
    key: invoked.key ?? '',
    ...(invoked.value !== undefined && { input: invoked.value }),
    ...(outcome === 'ok' && ended.value !== undefined && { output: ended.value }),
    ...told('token'),
    ...told('version'),
    ...told('validMs'),
    outcome,
    ...(outcome === 'failed' && ended.neverArrived && { neverArrived: true }),
    startMs: invoked.atMs,
    endMs: outcome === 'unknown' ? Number.POSITIVE_INFINITY : ended.atMs,
  };
}
