/** Rows of states and marks under the charts: phases, faults, breakers and instances, probes, and what people and stop conditions said. Pure. */
import type { LiveEvent } from '../../../../../../src/control/live/contract.js';
import { PHASE_WORDS, type Segment, stateLanes } from '../../../../../../src/reports/page/state-lanes.js';
import { sentenceOf } from '../../../../../../src/reports/sentence.js';
import type { StateLane } from '../../../../../../src/verify/state-lane.js';
import type { Band } from '../../../state/bands.js';

export interface LaneSegment {
  fromMs: number;
  /** Infinity while it goes on. */
  toMs: number;
  text: string;
  look: Segment['look'] | 'fault';
}
export interface LaneMark {
  atMs: number;
  look: 'note' | 'gate' | 'stop';
  text: string;
}
export interface Lane {
  /** What it is about: `inventory-3`, `shop-answers`. */
  label: string;
  /** Lanes of a kind stand together, under this heading. */
  heading: string;
  segments: readonly LaneSegment[];
  marks: readonly LaneMark[];
}

/** A page has room for so many; the timeline says how many it leaves out. */
export const LANES_MAX = 60;

export function lanesOf(events: readonly LiveEvent[], bands: readonly Band[], states: readonly StateLane[]): readonly Lane[] {
  const lane = (heading: string, label: string, segments: readonly LaneSegment[]): Lane => ({ heading, label, segments, marks: [] });
  const marks = marksOf(events);
  return [
    lane('', 'phases', phaseSegments(events)),
    ...(marks.length === 0 ? [] : [{ ...lane('', 'people and stops', []), marks }]),
    ...faultLanes(bands).map(([label, segments]) => lane('faults', label, segments)),
    ...stateLanes(states).map(({ kind, subject, segments }) => lane(STATE_HEADINGS[kind], subject, segments)),
    ...probeLanes(events).map(([label, segments]) => lane('probes', label, segments)),
  ].filter(({ segments, marks: said }) => segments.length + said.length > 0);
}

const STATE_HEADINGS: Readonly<Record<StateLane['kind'], string>> = {
  breaker: 'breakers, from the wire',
  ejection: 'in or out of the pool, from the wire',
  suspicion: 'failure detectors',
};

function phaseSegments(events: readonly LiveEvent[]): readonly LaneSegment[] {
  const segments: LaneSegment[] = [];
  for (const event of events) {
    if (event.type === 'phaseStarted') {
      segments.push({ fromMs: event.atMs, toMs: Number.POSITIVE_INFINITY, text: PHASE_WORDS[event.phase] ?? event.phase, look: 'phase' });
    }
    const last = segments.at(-1);
    const isOver = event.type === 'phaseEnded' || event.type === 'runEnded';
    if (isOver && last !== undefined && last.toMs === Number.POSITIVE_INFINITY)
      segments[segments.length - 1] = { ...last, toMs: event.atMs };
  }
  return segments;
}

/** One lane a step or type, however often it was on. */
function faultLanes(bands: readonly Band[]): readonly (readonly [string, readonly LaneSegment[]])[] {
  const lanes = new Map<string, LaneSegment[]>();
  for (const { title, summary, fromMs, toMs } of bands) {
    const segment: LaneSegment = { fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY, text: summary, look: 'fault' };
    lanes.set(title, [...(lanes.get(title) ?? []), segment]);
  }
  return [...lanes];
}

/** Results closer together than this are one state; a probe that is asked at the edges only says what it found then. */
const PROBE_GAP_MS = 12_000;

function probeLanes(events: readonly LiveEvent[]): readonly (readonly [string, readonly LaneSegment[]])[] {
  const lanes = new Map<string, LaneSegment[]>();
  for (const event of events) {
    if (event.type !== 'probeResult') continue;
    const segments = lanes.get(event.probe) ?? [];
    lanes.set(event.probe, segments);
    const look = event.met === null ? 'unsure' : event.met ? 'calm' : 'alarm';
    const last = segments.at(-1);
    const isNear = last !== undefined && event.atMs - last.toMs <= PROBE_GAP_MS;
    if (isNear) segments[segments.length - 1] = { ...last, toMs: event.atMs };
    if (isNear && last.look === look) continue;
    const word = { calm: 'met', alarm: 'not met', unsure: 'nothing to judge by' }[look];
    segments.push({ fromMs: event.atMs, toMs: event.atMs, text: `${word}: ${event.detail}`, look });
  }
  return [...lanes];
}

const MARKS: Readonly<Partial<Record<LiveEvent['type'], LaneMark['look']>>> = {
  note: 'note',
  answer: 'note',
  gateOpened: 'gate',
  gateClosed: 'gate',
  stopTripped: 'stop',
  signal: 'stop',
  healFailed: 'stop',
  errorRaised: 'stop',
};

function marksOf(events: readonly LiveEvent[]): readonly LaneMark[] {
  return events.flatMap((event): LaneMark[] => {
    const look = MARKS[event.type];
    return look === undefined ? [] : [{ atMs: event.atMs, look, text: sentenceOf(event) ?? event.type }];
  });
}
