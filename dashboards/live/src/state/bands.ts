/** Faults over time, for the shades of the timeline: those on links as the daemon saw them, those on processes as the run tells of them. */
import type { LiveEvent, LiveFaultWindow } from '../../../../src/control/live/contract.js';
import type { RecordedPlan } from '../../../../src/journal/events.js';
import { isFaultEnd } from '../../../../src/journal/observations.js';
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

/** What is done to processes is not the daemon's business: the run tells of it, also of what people did there. */
function processBands(plan: RecordedPlan | null, events: readonly LiveEvent[]): Band[] {
  const bands = new Map<string, Band>();
  for (const event of events) {
    const begun = bandOfEvent(plan, event);
    if (begun !== undefined && 'fault' in event) bands.set(event.fault, begun);
    const ended = endOf(event);
    const band = ended === undefined ? undefined : bands.get(ended);
    if (ended === undefined || band === undefined) continue;
    bands.set(band.key, { ...band, toMs: event.atMs });
    bands.delete(ended);
  }
  return [...bands.values()];
}

function bandOfEvent(plan: RecordedPlan | null, event: LiveEvent): Band | undefined {
  if (event.type === 'handFault' && event.change === 'applied' && event.processes !== undefined) {
    const { fault, atMs: fromMs, performs: title, by, links, processes } = event;
    return { key: `${fault}@${fromMs}`, title, summary: `${title}, by hand (${by})`, kind: 'spoil', links, processes, fromMs, toMs: null };
  }
  if (event.type !== 'faultApplied') return undefined;
  const planned = plan?.steps.find(({ name }) => name === event.step)?.fault;
  if (planned?.processes === undefined) return undefined;
  const { summary, links, processes } = planned;
  const { fault, atMs: fromMs, step: title } = event;
  return { key: `${fault}@${fromMs}`, title, summary, kind: 'spoil', links, processes, fromMs, toMs: null };
}

/** The fault that ended with it. */
function endOf(event: LiveEvent): string | undefined {
  if (event.type === 'faultEnded') return event.fault;
  return event.type === 'handFault' && isFaultEnd(event.change) ? event.fault : undefined;
}
