/** The part of the fold that is about faults: from when to when each was on, at which level, and whom it hit. */
import type { JournalEvent, RecordedFault, RecordedLevel, RecordedPlan } from './events.js';
import type { FaultLevel, FaultWindow } from './record.js';

export type GrowingFault = Omit<FaultWindow, 'levels'> & { levels: FaultLevel[] };

/** What of a record it reads and adds to. */
interface Growing {
  readonly plan: RecordedPlan;
  readonly events: readonly JournalEvent[];
  readonly faults: GrowingFault[];
  readonly gaps: string[];
}

export function applyFault(record: Growing, event: Extract<JournalEvent, { type: 'faultApplied' | 'faultEnded' }>): void {
  if (event.type === 'faultApplied') {
    const planned = record.plan.steps.find((s) => s.name === event.step)?.fault;
    if (planned === undefined) {
      record.gaps.push(`event ${event.n} applies a fault of step "${event.step}", which the plan does not have`);
      return;
    }
    record.faults.push({
      fault: event.fault,
      step: event.step,
      planned: intended(record, event.fault, planned),
      fromMs: event.atMs,
      toMs: Number.POSITIVE_INFINITY,
      matched: 0,
      applied: 0,
      overflow: 0,
      unread: 0,
      endedBy: 'unknown',
      levels: levelsOf(event),
      evidence: [event.n],
    });
    return;
  }
  const open = openFault(record, event.fault);
  if (open === undefined) return;
  open.toMs = event.atMs;
  open.endedBy = event.reason;
  open.matched = event.matched ?? 0;
  open.applied = event.applied ?? 0;
  open.overflow = event.overflow ?? 0;
  open.unread = event.unread ?? 0;
  open.evidence = [...open.evidence, event.n];
}

/** On the links that it was meant for: where the plan left its target open, they are fewer than the plan's. */
function intended({ events, plan }: Growing, fault: string, planned: RecordedFault): RecordedFault {
  const intent = events.findLast((event) => event.type === 'faultIntended' && event.fault === fault);
  if (intent?.type !== 'faultIntended' || intent.links.length >= planned.links.length) return planned;
  const callees = plan.links.filter(({ name }) => intent.links.includes(name)).map(({ to }) => to);
  return { ...planned, links: intent.links, instances: [...new Set(callees)] };
}

function openFault(record: Growing, fault: string): GrowingFault | undefined {
  return record.faults.find((window) => window.fault === fault && window.endedBy === 'unknown');
}

export function turnFault(record: Growing, event: Extract<JournalEvent, { type: 'faultTurned' }>): void {
  openFault(record, event.fault)?.levels.push(...levelsOf(event));
}

/** One, or none if the data plane did not tell. */
function levelsOf({ atMs, isOn = true, percentage }: RecordedLevel & { atMs: number }): FaultLevel[] {
  return percentage === undefined ? [] : [{ atMs, isOn, percentage }];
}
