/** What the lanes of a timeline say and how they look, for the report and for the live page: phases, and what breakers and instances were in. */
import type { PhaseName } from '../../journal/events.js';
import type { StateLane } from '../../verify/state-lane.js';

export interface Segment {
  fromMs: number;
  toMs: number;
  text: string;
  look: 'calm' | 'alarm' | 'trial' | 'unsure' | 'phase';
}

export const PHASE_WORDS: Readonly<Record<PhaseName, string>> = {
  setup: 'set up',
  baseline: 'baseline',
  method: 'method',
  heal: 'heal',
  settle: 'settle',
  teardown: 'tear down',
};

const STATE_LOOKS: Readonly<Record<string, { look: Segment['look']; text: string }>> = {
  closed: { look: 'calm', text: 'closed' },
  open: { look: 'alarm', text: 'open' },
  halfOpen: { look: 'trial', text: 'half-open' },
  in: { look: 'calm', text: 'in' },
  ejected: { look: 'alarm', text: 'out' },
  trusted: { look: 'calm', text: 'trusted' },
  suspected: { look: 'alarm', text: 'suspected' },
};

/** The state of a lane in a word; one that is not known says itself. */
export function stateWord(state: string): string {
  return STATE_LOOKS[state]?.text ?? state;
}

const LANE_ORDER: readonly StateLane['kind'][] = ['breaker', 'ejection', 'suspicion'];

/** One lane a subject, whichever checks spoke of it; where two disagree about a moment, each keeps a lane of its own. */
export function stateLanes(given: readonly StateLane[]): { kind: StateLane['kind']; subject: string; segments: Segment[] }[] {
  const lanes: { kind: StateLane['kind']; subject: string; segments: Segment[] }[] = [];
  for (const lane of given) {
    const segments = lane.segments.map(({ state, fromMs, toMs }) => ({
      fromMs,
      toMs,
      ...(STATE_LOOKS[state] ?? { look: 'unsure' as const, text: state }),
    }));
    const same = lanes.find((known) => known.kind === lane.kind && known.subject === lane.subject && agree(known.segments, segments));
    if (same === undefined) lanes.push({ kind: lane.kind, subject: lane.subject, segments });
    else same.segments.push(...segments.filter((s) => !same.segments.some((k) => k.fromMs === s.fromMs && k.toMs === s.toMs)));
  }
  return lanes.sort((a, b) => LANE_ORDER.indexOf(a.kind) - LANE_ORDER.indexOf(b.kind));
}

function agree(known: readonly Segment[], added: readonly Segment[]): boolean {
  return added.every((a) => known.every((k) => k.text === a.text || k.toMs <= a.fromMs || a.toMs <= k.fromMs));
}
