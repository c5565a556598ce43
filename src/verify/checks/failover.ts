/**
 * Did somebody else take over while the fault was still on? What becomes good only when the fault has ended is recovery, not failover, so
 * an answer that comes after its end is none, and who asked too late to have one by then is left out. A single success between failures ends an
 * outage, but not the failover: that takes a good stretch to the end.
 */
import { z } from 'zod';
import { duration, formatMs, percentage } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import { isSuccess } from '../../journal/observations.js';
import type { FaultWindow, RecordedExchange, RunRecord } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { longestOutage } from '../inference/outage.js';
import { recoveryTime, STEP_MS } from '../inference/recovery-time.js';
import { wilson } from '../inference/statistics.js';
import { baselineOf, dataExchanges, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { staysGood, tookOver, unavailable, usualMs } from '../rules/failover-rules.js';
import { faultOfStep } from '../rules/fault-of-step.js';
import { foreseeThinWindows, foreseeTooShort } from '../rules/opportunity-foresight.js';
import { inconclusive, settle } from '../rules/rule.js';

/** Normal deviation from which on a window is surely bad: chance does it once in two thousand. */
const SURELY = 3.3;

const schema = z.strictObject({
  from: z.string().default('load').meta({ description: 'calling service, or `load`' }),
  to: z.string().meta({ description: 'the service that must stay usable' }),
  route: z.string().optional().meta({ description: 'only these requests, by their route: writes, for example' }),
  during: z.string().meta({ description: 'the fault step that takes the leader or an instance away' }),
  within: duration().meta({ description: 'longest time from the start of the fault until requests succeed again for good' }),
  maxUnavailable: duration().optional().meta({ description: 'longest time at a stretch without one success' }),
  successRate: percentage().default(95).meta({ description: 'at least so many per cent of a window must succeed' }),
  window: duration({ minMs: STEP_MS }).default(1_000).meta({ description: 'length of the windows in which that is taken' }),
  minDemand: z.int().min(1).default(20).meta({ description: 'requests that a window needs to be judged' }),
});
type Params = z.output<typeof schema>;

export const failover = defineCheck({
  name: 'failover',
  summary: 'Demands that somebody else takes over while a fault is still on: how long that takes, and how long nobody is answered.',
  schema,
  example: { from: 'load', to: 'gateway', during: 'leader-cut-off', within: '15s', maxUnavailable: '20s' },
  foresee: ({ within: neededMs, window: windowMs, ...params }, outlook) => [
    ...foreseeTooShort({ ...params, neededMs, sees: 'that nobody takes over in time' }, outlook),
    ...foreseeThinWindows({ ...params, windowMs }, outlook),
  ],
  evaluate: (params, record) => {
    const found = faultOfStep(record, params.during);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const { fault } = found;
    const unseen = unseenFrom(record, params.from);
    if (unseen !== undefined) return inconclusive(unseen, fault.evidence);
    const all = dataExchanges(record, { from: instancesOf(record, params.from), to: instancesOf(record, params.to) });
    return judge(params, { record, fault, all: params.route === undefined ? all : all.filter((e) => e.route === params.route) });
  },
});

interface Given {
  record: RunRecord;
  fault: FaultWindow;
  /** At any time. */
  all: ExchangeList;
}

function judge(params: Params, { record, fault, all }: Given): Judgement {
  const isGood = (ratio: number): boolean => ratio >= params.successRate / 100;
  const isHeard = (e: RecordedExchange): boolean => isSuccess(e) && e.endMs <= fault.toMs;
  const calm = baselineOf(record);
  const usual = usualMs([calm === undefined ? [] : within(all, calm).filter(isSuccess), secondHalf(all, fault).filter(isHeard)]);
  const judged = { fromMs: fault.fromMs, toMs: Math.max(fault.fromMs, fault.toMs - usual) };
  // Of those who asked later, those who were told in time: the others may have been about to be.
  const requests = within(all, fault).filter((e) => e.startMs < judged.toMs || e.endMs <= fault.toMs);
  // The most that its share may be: of many windows, some look bad by chance.
  const measure = (part: ExchangeList): number => wilson(part.filter(isHeard).length, part.length, SURELY)[1];
  const time = recoveryTime({ requests, ...judged, windowMs: params.window, measure, isGood }, params.minDemand);
  if (time.kind === 'scarce') {
    const needed = `${params.minDemand} in every ${formatMs(params.window)} are needed`;
    return inconclusive(
      `failover of ${params.to} cannot be judged during "${params.during}": ${time.requests} requests in the emptiest window; ${needed}`,
      fault.evidence,
    );
  }
  const outage = longestOutage(requests, isHeard);
  const failed = requests.filter((e) => !isHeard(e)).length;
  const afterMs = time.kind === 'recovered' ? fault.fromMs + time.afterMs[1] : fault.toMs;
  const rest = within(requests, { fromMs: afterMs + params.window, toMs: judged.toMs });
  const rules = [
    tookOver(params, time, isHeard),
    ...(time.kind === 'recovered' ? [staysGood(params, rest, isHeard)] : []),
    ...(params.maxUnavailable === undefined ? [] : [unavailable(params.maxUnavailable, outage)]),
  ];
  const toLost = within(record.exchanges, { fromMs: afterMs, toMs: fault.toMs }).filter((e) => fault.planned.links.includes(e.link));
  return settle(rules, {
    subject: `${params.from} -> ${params.to}`,
    facts: [
      { name: 'failed while the fault was on', value: failed, unit: 'requests', samples: requests.length },
      { name: 'requests on the faulted links after the failover', value: toLost.length, unit: 'requests' },
    ],
    evidence: [
      ...fault.evidence,
      ...[outage?.failures.at(0), outage?.failures.at(-1), ...(time.lastBad ?? []).filter((e) => !isHeard(e))].flatMap((e) => e?.n ?? []),
    ],
    alternatives: [
      'recovery by the end of the fault: ruled out, nothing after its end was counted',
      failed === 0
        ? 'retries: not ruled out, not one request failed, so an attempt on somebody else may have hidden the loss'
        : `retries: ${failed} of ${requests.length} requests failed, so they did not hide the loss`,
    ],
  });
}

function secondHalf(all: ExchangeList, { fromMs, toMs }: FaultWindow): ExchangeList {
  return within(all, { fromMs: (fromMs + toMs) / 2, toMs });
}
