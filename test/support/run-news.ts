/** A run as it tells a daemon of itself: the events of a made-up game day but for its traffic, and findings as somebody would have judged them. */
import type { JournalEvent } from '../../src/journal/events.js';
import type { LiveEvent, LiveVerdicts, RunNews, RunStarted } from '../../src/orchestrator/run-news.js';
import { gameDay, handmadeFindings } from './journal.js';

type Told = LiveEvent | RunStarted;

const isTold = (event: JournalEvent): event is Told => !['exchange', 'connection', 'trafficSum'].includes(event.type);

/** `until`: the last event is the first of this type; all if left out. */
export function runNews({ until, epoch = 1 }: { until?: JournalEvent['type']; epoch?: number } = {}): RunNews & { run: string } {
  const day = gameDay({ pace: 0.2, ratePerSecond: 10 });
  const all = day.events.filter(isTold);
  const last = until === undefined ? all.length - 1 : all.findIndex(({ type }) => type === until);
  const run = all.find((event) => event.type === 'runStarted')?.run ?? '';
  return { run, epoch, events: all.slice(0, last + 1), seconds: [], faultChanges: [], fleet: null, verdicts: null, lost: 0 };
}

export function runVerdicts({ isFinal = false } = {}): LiveVerdicts {
  const findings = handmadeFindings(gameDay({ pace: 0.2, ratePerSecond: 10 }), { bad: true });
  return {
    atMs: 0,
    final: isFinal ? { verdict: 'fail', exitCode: 1, reason: 'a promise was broken' } : null,
    findings: findings.map(({ name, check, severity, verdict, summary }) => ({ name, check, severity, state: verdict, summary })),
    lanes: [
      { subject: 'gateway -> payments', kind: 'breaker', segments: [{ state: 'open', fromMs: 0, toMs: 1 }] },
      { subject: 'inventory-3', kind: 'ejection', segments: [{ state: 'ejected', fromMs: 0, toMs: 1 }] },
      { subject: 'gateway-1: inventory-3', kind: 'suspicion', segments: [{ state: 'suspected', fromMs: 0, toMs: 1 }] },
      { subject: 'inventory-4', kind: 'ejection', segments: [{ state: 'in', fromMs: 0, toMs: 1 }] },
    ],
  };
}
