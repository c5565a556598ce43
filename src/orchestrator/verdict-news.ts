/** Findings as a page is told of them: small enough to be sent whenever they change. Pure. */
import type { Finding, Verdict } from '../verify/check.js';
import type { JudgedSoFar } from '../verify/so-far.js';
import type { StateLane } from '../verify/state-lane.js';
import type { LiveVerdicts } from './run-news.js';

const FINDINGS_MAX = 1_000;
const SUMMARY_CHARACTERS_MAX = 2_000;
const LANES_MAX = 200;
const SEGMENTS_MAX = 200;

export function verdictsSoFar({ soFar, lanes }: JudgedSoFar, atMs: number): LiveVerdicts {
  const findings = soFar.slice(0, FINDINGS_MAX).map(({ name, check, severity, state, summary }) => {
    return { name, check, severity, state, summary: state === 'open' ? '' : summary.slice(0, SUMMARY_CHARACTERS_MAX) };
  });
  return { atMs, final: null, findings, lanes: toldLanes(lanes) };
}

interface Judged {
  findings: readonly Finding[];
  verdict: Verdict;
  exit: { code: number; reason: string };
}

export function finalVerdicts({ findings, verdict, exit }: Judged, atMs: number): LiveVerdicts {
  return {
    atMs,
    final: { verdict, exitCode: exit.code, reason: exit.reason.slice(0, SUMMARY_CHARACTERS_MAX) },
    findings: findings.slice(0, FINDINGS_MAX).map(({ name, check, severity, verdict: state, summary }) => {
      return { name, check, severity, state, summary: summary.slice(0, SUMMARY_CHARACTERS_MAX) };
    }),
    lanes: toldLanes(findings.flatMap(({ lanes = [] }) => lanes)),
  };
}

/** The first that speaks of a subject is told: reports, which have room, show where two disagree. */
function toldLanes(lanes: readonly StateLane[]): readonly StateLane[] {
  const bySubject = new Map<string, StateLane>();
  for (const lane of lanes) {
    const key = `${lane.kind} ${lane.subject}`;
    if (!bySubject.has(key) && bySubject.size < LANES_MAX) bySubject.set(key, { ...lane, segments: lane.segments.slice(-SEGMENTS_MAX) });
  }
  return [...bySubject.values()];
}
