/** Which panels a flow gets: requests, each instance's requests where there are several, errors, and the time to answer. */
import type { RunRecord } from '../../journal/record.js';
import type { Flow } from '../flow.js';
import { seriesOf } from '../series.js';
import { type Band, type Frame, strikes } from './frame.js';
import type { Curve, Panel } from './panel.js';

export interface LegendEntry {
  look: string;
  text: string;
  filled?: boolean;
}
export interface FlowPanels {
  title: string;
  /** Who this is, for a reader who did not write the plan. */
  remark: string;
  legend: readonly LegendEntry[];
  panels: readonly Panel[];
}

/** More highlighted instances than this could not be told apart: the rest is drawn like the healthy ones. */
const HIGHLIGHTS_MAX = 4;

export function flowPanels(flow: Flow, record: RunRecord, frame: Frame): FlowPanels {
  const struck = frame.bands.filter((band) => strikes(band, flow, record));
  const points = seriesOf(flow, frame.axis);
  const noun = flow.counted === 'requests' ? 'requests' : 'connections';
  const isLoad = flow.from === 'load';
  const several = flow.instances.length > 1 && !isLoad;
  const faulted = several ? highlighted(flow, struck) : [];
  const panel = (label: readonly string[], heightPx: number, curves: readonly Curve[], unit: Panel['unit'] = 'count'): Panel => ({
    label,
    heightPx,
    curves,
    unit,
    struck,
  });
  const errors: Curve = { points, value: (p) => p.failedPerSecond, look: 'errors', filled: true };
  return {
    title: `${flow.from} → ${flow.to}`,
    remark: isLoad
      ? 'the front door: what users saw'
      : several
        ? `${flow.instances.length} instances`
        : (flow.instances[0]?.instance ?? ''),
    legend: legendOf({ several, noun, faulted }),
    panels: [
      panel([noun, 'per second'], 46, [{ points, value: (p) => p.ratePerSecond, look: 'rate', filled: true }]),
      ...(several ? [panel(['of these, by', 'instance'], 62, instanceCurves(flow, frame, faulted))] : []),
      panel(['errors', 'per second'], 34, [errors]),
      panel(['time to', flow.counted === 'requests' ? 'answer' : 'close'], 62, latencyCurves(points), 'ms'),
    ],
  };
}

/** Instances that some fault of this flow was aimed at, with the letters of those faults. */
function highlighted(flow: Flow, struck: readonly Band[]): { instance: string; letters: string; look: string }[] {
  return flow.instances
    .map(({ instance }) => ({ instance, bands: struck.filter((b) => b.fault.planned.instances.includes(instance)) }))
    .filter(({ bands }) => bands.length > 0)
    .slice(0, HIGHLIGHTS_MAX)
    .map(({ instance, bands }, i) => ({ instance, letters: bands.map((b) => b.letter).join(', '), look: `marked${i + 1}` }));
}

function instanceCurves(flow: Flow, frame: Frame, faulted: readonly { instance: string; look: string }[]): Curve[] {
  const curves = flow.instances.map(({ instance, ...seen }): Curve => {
    const look = faulted.find((f) => f.instance === instance)?.look ?? 'other';
    return { points: seriesOf(seen, frame.axis), value: (p) => p.ratePerSecond, look };
  });
  // Drawn last is seen best.
  return [...curves.filter((c) => c.look === 'other'), ...curves.filter((c) => c.look !== 'other')];
}

function latencyCurves(points: Curve['points']): Curve[] {
  return [
    { points, value: (p) => p.p99Ms, look: 'p99' },
    { points, value: (p) => p.p50Ms, look: 'p50' },
  ];
}

function legendOf(given: { several: boolean; noun: string; faulted: ReturnType<typeof highlighted> }): LegendEntry[] {
  return [
    { look: 'rate', text: given.noun, filled: true },
    ...given.faulted.map((f) => ({ look: f.look, text: `${f.instance} (fault ${f.letters})` })),
    ...(given.several ? [{ look: 'other', text: 'other instances' }] : []),
    { look: 'errors', text: 'errors', filled: true },
    { look: 'p50', text: 'half answered within (p50)' },
    { look: 'p99', text: '99 % within (p99)' },
  ];
}
