/** Faults over time, for the shades of the timeline: those on links as the daemon saw them, those on processes as the run tells of them. */
import type { LiveEvent, LiveFaultWindow } from '../../../../src/control/live/contract.js';
import type { RecordedPlan } from '../../../../src/journal/events.js';
import { type FaultKind, faultKindOf } from './fault-kinds.js';

export interface Band {
  /** Of the fault and its beginning. */
  key: string;
  /** The step of the plan, else the type. */
  title: string;
  /** `abort 503, 40 % of requests, path /stock*` */
  summary: string;
  kind: FaultKind;
  links: readonly string[];
  /** Instances whose processes it acts on. */
  processes: readonly string[];
  fromMs: number;
  /** Null while it is on. */
  toMs: number | null;
}

export function bandsOf(plan: RecordedPlan | null, events: readonly LiveEvent[], windows: readonly LiveFaultWindow[]): readonly Band[] {
  const onLinks = windows.map((window) => bandOfWindow(plan, window));
  return [...onLinks, ...processBands(plan, events)].toSorted((a, b) => a.fromMs - b.fromMs);
}

function bandOfWindow(plan: RecordedPlan | null, { fault, run, type, proxies, fromMs, toMs }: LiveFaultWindow): Band {
  const step = plan?.steps.find(({ name }) => fault === `${run}/${name}`);
  return {
    key: `${fault}@${fromMs}`,
    title: step?.name ?? type,
    summary: step?.fault?.summary ?? `${type}, by hand`,
    kind: faultKindOf(type),
    links: proxies,
    processes: [],
    fromMs,
    toMs,
  };
}

/** What is done to processes is not the daemon's business. */
function processBands(plan: RecordedPlan | null, events: readonly LiveEvent[]): Band[] {
  const bands = new Map<string, Band>();
  for (const event of events) {
    if (event.type === 'faultApplied') {
      const planned = plan?.steps.find(({ name }) => name === event.step)?.fault;
      if (planned?.processes === undefined) continue;
      const { summary, links, processes } = planned;
      bands.set(event.fault, {
        ...{ key: `${event.fault}@${event.atMs}`, title: event.step, summary, kind: 'spoil', links, processes },
        ...{ fromMs: event.atMs, toMs: null },
      });
    }
    const band = event.type === 'faultEnded' ? bands.get(event.fault) : undefined;
    if (band !== undefined) bands.set(band.key, { ...band, toMs: event.atMs });
    if (band !== undefined && event.type === 'faultEnded') bands.delete(event.fault);
  }
  return [...bands.values()];
}
