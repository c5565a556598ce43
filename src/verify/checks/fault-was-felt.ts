/** A fault that met nobody tests nothing. Added to every plan for each fault step, so that no verdict is green because nothing happened. */
import { z } from 'zod';
import { LOAD, linkName } from '../../journal/observations.js';
import type { FaultWindow, RunRecord } from '../../journal/record.js';
import { SUM_MS } from '../../journal/traffic-sum.js';
import { defineCheck } from '../check.js';
import type { Foresight, Prospect } from '../foresight.js';
import { inconclusive } from '../rules/rule.js';

/** Whoever asked somebody so short a time before a fault on its process was at work when it began. */
const LATELY_MS = 5_000;

/**
 * A fault on processes is felt by those who call them, the load among them; one on links counts whom it meets by itself. Connections that break with a process
 * end just before the journal can say that the fault is on, so the time begins when it was meant. A process that nobody calls, and that calls others, feels
 * it by falling silent: what it asked just before tells that there was something to fall silent.
 */
function isCalled({ fault, planned: { processes, links }, fromMs: onMs, toMs }: FaultWindow, record: RunRecord): boolean {
  if (processes === undefined) return true;
  const { exchanges, sums, connections, events } = record;
  const fromMs = events.find((event) => event.type === 'faultIntended' && event.fault === fault)?.atMs ?? onMs;
  const called = new Set([...links, ...processes.map((instance) => linkName(LOAD, instance))]);
  const isOwn = (link: string): boolean => processes.some((instance) => link.startsWith(linkName(instance, '')));
  const isDuring = ({ link, startMs, endMs }: { link: string; startMs: number; endMs: number }): boolean =>
    startMs <= toMs && endMs >= (isOwn(link) ? fromMs - LATELY_MS : fromMs);
  return (
    exchanges.having(({ link }) => called.has(link)).some(isDuring) ||
    connections.some((one) => called.has(one.link) && isDuring(one)) ||
    sums.some(({ link, fromMs: startMs }) => called.has(link) && isDuring({ link, startMs, endMs: startMs + SUM_MS }))
  );
}

function tooFewProcesses({ step, fault: { processes } }: Prospect, minMatched: number): readonly Foresight[] {
  if (processes === undefined || processes.length >= minMatched) return [];
  return [{ kind: 'cannotJudge', says: `"${step}" is on ${processes.length} processes, and must meet ${minMatched}` }];
}

/** Of so few chance leaves none, one time in twenty and more often. */
const HITS_MIN = 3;

function hardlyHit({ step, fault, share, requestsPerSecond, durationMs }: Prospect): readonly Foresight[] {
  if (share === 0) return [{ kind: 'cannotJudge', says: `"${step}" is applied to none of those whom it meets` }];
  if (fault.processes !== undefined || requestsPerSecond === undefined || share === 1) return [];
  const requests = (requestsPerSecond * durationMs) / 1_000;
  const hits = share * requests;
  if (hits >= HITS_MIN) return [];
  return [
    {
      kind: 'expect',
      says: `of about ${Math.round(requests)} requests "${step}" is applied to about ${Number(hits.toPrecision(2))}, and perhaps to none`,
    },
  ];
}

export const faultWasFelt = defineCheck({
  name: 'faultWasFelt',
  summary: 'Demands that a fault met traffic; without it the run says nothing about the defence.',
  schema: z.strictObject({
    step: z.string().meta({ description: 'the fault step' }),
    minMatched: z.int().min(1).default(1).meta({ description: 'requests, connections or processes that the fault must have met' }),
  }),
  example: { step: 'one-host-goes-gray', minMatched: 10 },
  foresee: ({ step, minMatched }, outlook) => {
    const prospect = outlook.during(step);
    return prospect === undefined ? [] : [...tooFewProcesses(prospect, minMatched), ...hardlyHit(prospect)];
  },
  evaluate: ({ step, minMatched }, record) => {
    const windows = record.faults.filter((fault) => fault.step === step);
    const evidence = windows.flatMap((fault) => fault.evidence);
    if (windows.length === 0) return inconclusive(`the fault of step "${step}" was never on`);
    if (windows.some((fault) => fault.endedBy === 'unknown')) {
      return inconclusive(`the journal does not say when the fault of step "${step}" ended, nor what it met`, evidence);
    }
    const { linksUnseen } = record.plan;
    if (linksUnseen !== undefined)
      return inconclusive(`whether the fault of step "${step}" met anybody is unknown: ${linksUnseen}`, evidence);
    const matched = windows.reduce((sum, fault) => sum + fault.matched, 0);
    const applied = windows.reduce((sum, fault) => sum + fault.applied, 0);
    const called = windows.some((window) => isCalled(window, record));
    if (!called)
      return inconclusive(
        `the fault of step "${step}" met nobody: no request or connection reached those whose processes it hit`,
        evidence,
      );
    const isMet = matched >= minMatched && applied > 0;
    const what = windows.some(({ planned }) => planned.processes !== undefined) ? 'processes' : 'requests or connections';
    const figures = `the fault of step "${step}" met ${matched} ${what} and was applied to ${applied}`;
    return {
      verdict: isMet ? 'pass' : 'inconclusive',
      summary: isMet ? figures : `${figures}; at least ${minMatched} must meet it, and one feel it`,
      measurements: [
        { name: 'matched', value: matched, unit: 'count', limit: `>= ${minMatched}`, met: matched >= minMatched ? true : null },
        { name: 'applied', value: applied, unit: 'count', limit: '>= 1', met: applied > 0 ? true : null },
      ],
      evidence: evidence.slice(0, 10),
    };
  },
});
