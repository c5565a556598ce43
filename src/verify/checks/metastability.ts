/**
 * Does harm end with its cause? A system that stays bad at a load it used to carry, with nothing wrong any more, feeds the harm itself; the
 * finding names the loop where it can be seen. `recovery` asks for how long it takes, this asks whether it ever would.
 */
import { z } from 'zod';
import { duration, formatMs, percentage } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import { defineCheck, type Judgement } from '../check.js';
import { recoveryTime, STEP_MS } from '../inference/recovery-time.js';
import { sustainingLoops } from '../inference/sustaining-loops.js';
import { baselineOf, dataExchanges, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { faultOfStep, nextFaultMs } from '../rules/fault-of-step.js';
import { leftBefore } from '../rules/limits-ahead.js';
import { atBest, loopFacts, loopInWords, metastabilityObstacle, ratePerMs, staysWell, wellAsIn } from '../rules/metastability-rules.js';
import { foreseeThinWindows } from '../rules/opportunity-foresight.js';
import { atMost, inconclusive, type Rule, settle } from '../rules/rule.js';
import { formatShare } from '../rules/share.js';

const schema = z.strictObject({
  after: z.string().meta({ description: 'the fault step that triggers it' }),
  from: z.string().default('load').meta({ description: 'calling service, or `load`' }),
  to: z.string().meta({ description: 'the service that must be well again' }),
  within: duration({ minMs: 1_000 }).default(15_000).meta({ description: 'harm may last for so long after the fault' }),
  margin: percentage().default(2).meta({ description: 'so many points fewer than in the baseline may be answered well' }),
  slowerThan: z.number().min(1).default(3).meta({ description: 'times the p99 of the baseline, from which on an answer is harm as well' }),
  window: duration({ minMs: STEP_MS }).default(2_000).meta({ description: 'length of the windows over which shares are taken' }),
  minDemand: z.int().min(1).default(20).meta({ description: 'requests that a window needs to be judged' }),
});
type Params = z.output<typeof schema>;

export const metastability = defineCheck({
  name: 'metastability',
  summary: 'Demands that harm ends with its cause at the same load, and names what keeps it going where it does not.',
  schema,
  example: { after: 'payments-slow', to: 'gateway', within: '15s' },
  foresee: ({ after, from, within: limitMs, window: windowMs, minDemand }, outlook) => [
    ...leftBefore(outlook.during(after), limitMs, 'everywhere'),
    ...foreseeThinWindows({ from, during: after, windowMs, minDemand }, outlook),
  ],
  evaluate: (params, record) => {
    const found = faultOfStep(record, params.after);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const unseen = unseenFrom(record, params.from);
    if (unseen !== undefined) return inconclusive(unseen, found.fault.evidence);
    const calm = baselineOf(record);
    if (calm === undefined) return inconclusive('there is no finished baseline to know harm by', found.fault.evidence);
    return judge(params, { record, fault: found.fault, calm });
  },
});

interface Given {
  record: RunRecord;
  fault: FaultWindow;
  calm: Window;
}

function judge(params: Params, { record, fault, calm }: Given): Judgement {
  const requests = dataExchanges(record, { from: instancesOf(record, params.from), to: instancesOf(record, params.to) });
  const links = record.plan.links.map((link) => link.name);
  const seen: Window = { fromMs: fault.toMs, toMs: Math.min(requests.at(-1)?.startMs ?? fault.toMs, nextFaultMs(record, fault, links)) };
  const isWell = wellAsIn(within(requests, calm), params.slowerThan);
  const share = (part: ExchangeList): number => part.filter(isWell).length / part.length;
  const least = share(within(requests, calm)) - params.margin / 100;
  const subject = `${params.from} -> ${params.to} after "${params.after}"`;
  const sliding = { requests, windowMs: params.window, measure: atBest(isWell), isGood: (value: number) => value >= least };
  const obstacle = metastabilityObstacle({
    during: recoveryTime({ ...sliding, ...fault }, 1),
    calmRate: ratePerMs(requests, calm),
    rate: ratePerMs(requests, seen),
  });
  if (obstacle !== undefined) return inconclusive(`${subject}: ${obstacle}`, fault.evidence);
  const time = recoveryTime({ ...sliding, ...seen }, params.minDemand);
  if (time.kind === 'scarce') {
    const had = `${formatMs(time.seenMs)} of traffic, with ${time.requests} requests in the emptiest window`;
    return inconclusive(`${subject}: ${had}; ${params.minDemand} requests in every ${formatMs(params.window)} are needed`, fault.evidence);
  }
  const isBack = time.kind === 'recovered';
  const fromMs = seen.fromMs + time.afterMs[isBack ? 1 : 0];
  const shown = share(within(requests, { fromMs, toMs: fromMs + params.window }));
  const loops = isBack
    ? []
    : sustainingLoops(record, { calm, now: { fromMs: seen.fromMs + (seen.toMs - seen.fromMs) / 2, toMs: seen.toMs } });
  const kept = loops.length > 0 ? `kept going by ${loops.slice(0, 3).map(loopInWords).join(' and ')}` : 'by nothing that crossed a link';
  const state = isBack
    ? `harm ended ${formatMs(time.afterMs[1])} after its cause`
    : `harm stays ${formatMs(time.afterMs[0])} after its cause, ${kept}`;
  const limit = `<= ${formatMs(params.within)}`;
  const says = `${state}: ${formatShare(shown)} answered well, ${formatShare(least + params.margin / 100)} in the baseline (promised: ${limit})`;
  const rule: Rule = {
    name: 'harm after its cause',
    value: isBack ? time.afterMs[1] : null,
    unit: 'ms',
    limit,
    met: atMost(time.afterMs, params.within),
    says,
  };
  const bad = (time.lastBad ?? []).filter((e) => !isWell(e));
  // From one window after the end of harm on, as that window may still hold some of it.
  const rest = within(requests, { fromMs: fromMs + params.window, toMs: seen.toMs });
  return settle([rule, ...(isBack ? [staysWell(rest, { isWell, least, minDemand: params.minDemand })] : [])], {
    subject,
    facts: [{ name: 'load, times as before', value: ratePerMs(requests, seen) / ratePerMs(requests, calm), unit: '' }, ...loopFacts(loops)],
    evidence: [...fault.evidence, ...bad.slice(0, 5).map((e) => e.n), ...loops.slice(0, 3).map(({ n }) => n)],
    alternatives: [
      'more load than before: ruled out, what was offered differs by less than 15 % from the baseline',
      'another fault: ruled out, only the time until the next one was looked at',
    ],
  });
}
