/**
 * Which traffic a promise is about: whose requests, and when. While a fault was on, after it had ended, or the whole run; never a stretch in
 * which a fault was meant to be on and was not felt, because whatever was promised for it was not put to the test.
 */
import { z } from 'zod';
import { formatMs } from '../../core/units.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { RecordedSum, RunRecord, Window } from '../../journal/record.js';
import type { Judgement } from '../check.js';
import type { Tallies, Tally } from '../inference/tallies.js';
import { baselineOf, dataExchanges, dataSums, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { faultOfStep, type Needs, nextFaultMs, whySummed } from './fault-of-step.js';
import { combine, inconclusive } from './rule.js';

const step = z.string();

/** The parameters of every check about some traffic for some time. */
export const scopeShape = {
  from: z.string().default('load').meta({ description: 'calling service, or `load`' }),
  to: z.string().meta({ description: 'called service' }),
  route: z.string().optional().meta({ description: 'only this request of the load, by its name' }),
  during: z
    .union([step, z.array(step).min(1)])
    .optional()
    .meta({ description: 'fault steps while which it must hold, each by itself; with neither this nor `after`, the whole run' }),
  after: step.optional().meta({ description: 'a fault step: it must hold from its end until the next fault' }),
};

const SECOND_MS = 1_000;

/** Of logs. */
export const NO_TIMES = 'the log does not say how long requests took';

export const NOT_BOTH = { error: 'expected `during` or `after`, not both' };
/** For `refine`, with `NOT_BOTH`. */
export function isOneTime({ during, after }: { during?: unknown; after?: unknown }): boolean {
  return during === undefined || after === undefined;
}

type ScopeParams = z.output<z.ZodObject<typeof scopeShape>>;

/** Some requests of some time. */
export interface Scope {
  /** `load -> gateway during "cut"` */
  subject: string;
  window: Window;
  /** In order of start. */
  requests: ExchangeList;
  /** Of such requests that were not kept one by one, for checks that say that they can do with `sums`. */
  sums: readonly RecordedSum[];
  /** The same requests before any fault; empty where there was no finished baseline. */
  baseline: ExchangeList;
  /** Of the fault that it is about. */
  evidence: readonly number[];
}

/** Judges each stretch of time by itself; the worst is the verdict. `requestsMin`: fewer in one of them are too few to judge. */
export function judgeScopes(
  params: ScopeParams,
  given: { record: RunRecord; requestsMin: number; needs?: Needs; judge: (scope: Scope) => Judgement },
): Judgement {
  const { record, requestsMin, needs = 'requests', judge } = given;
  const unseen = unseenFrom(record, params.from);
  if (unseen !== undefined) return inconclusive(unseen);
  const ends = { from: instancesOf(record, params.from), to: instancesOf(record, params.to) };
  const isMeant = ({ route }: { route?: string }): boolean => params.route === undefined || route === params.route;
  const requests = dataExchanges(record, ends).filter(isMeant);
  const sums = needs === 'sums' ? dataSums(record, ends).filter(isMeant) : [];
  const calm = baselineOf(record);
  const baseline = calm === undefined ? [] : within(requests, calm);
  const whose = `${params.from} -> ${params.to}${params.route === undefined ? '' : ` (${params.route})`}`;
  return combine(
    stretchesOf(params, record, needs).map((stretch) => {
      if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
      const { window, evidence } = stretch;
      const inside = { requests: within(requests, window), sums: sums.filter((sum) => isWithin(sum.fromMs, window)) };
      const scope: Scope = { subject: `${whose} ${stretch.when}`, window, ...inside, baseline, evidence };
      const count = scope.requests.length + scope.sums.reduce((all, sum) => all + sum.count, 0);
      if (count >= requestsMin) return judge(scope);
      const seen = `only ${count} requests in ${formatMs(window.toMs - window.fromMs)}`;
      return inconclusive(`${scope.subject}: ${seen}; ${requestsMin} are needed to judge`, evidence);
    }),
  );
}

function isWithin(atMs: number, { fromMs, toMs }: Window): boolean {
  return atMs >= fromMs && atMs < toMs;
}

/** A time to judge by, or why it is none. */
export type Stretch =
  | { kind: 'usable'; window: Window; when: string; evidence: readonly number[] }
  | { kind: 'unusable'; reason: string; evidence: readonly number[] };

/** The times that `during` or `after` name, each for itself; the whole run if neither does. */
export function stretchesOf(
  { during, after }: Pick<ScopeParams, 'during' | 'after'>,
  record: RunRecord,
  needs: Needs = 'requests',
): readonly Stretch[] {
  const stretches =
    during !== undefined
      ? [during].flat().map((name) => whileOn(name, record, needs))
      : [after === undefined ? wholeRun(record) : afterEnd(after, record)];
  return stretches.map((stretch) => {
    const gone = stretch.kind === 'usable' && needs === 'requests' ? whySummed(record, stretch.window) : undefined;
    return gone === undefined ? stretch : { kind: 'unusable', reason: gone, evidence: stretch.evidence };
  });
}

function whileOn(name: string, record: RunRecord, needs: Needs): Stretch {
  const found = faultOfStep(record, name, needs);
  if (found.kind === 'unusable') return found;
  const { fromMs, toMs, evidence } = found.fault;
  return { kind: 'usable', window: { fromMs, toMs }, when: `during "${name}"`, evidence };
}

function afterEnd(name: string, record: RunRecord): Stretch {
  const found = faultOfStep(record, name, 'sums');
  if (found.kind === 'unusable') return found;
  const { fault } = found;
  const links = record.plan.links.map((link) => link.name);
  const window = { fromMs: fault.toMs, toMs: Math.min(endOfTraffic(record), nextFaultMs(record, fault, links, 'sums')) };
  return { kind: 'usable', window, when: `after "${name}"`, evidence: fault.evidence };
}

/** From the baseline on. A run in which no fault was felt has put nothing to the test. */
function wholeRun(record: RunRecord): Stretch {
  if (record.plan.log !== undefined) {
    return { kind: 'usable', window: { fromMs: record.fromMs, toMs: record.toMs }, when: 'in the whole log', evidence: [] };
  }
  const steps = record.plan.steps.filter((planned) => planned.fault !== undefined);
  const felt = steps.map((planned) => faultOfStep(record, planned.name, 'sums'));
  const [first] = felt;
  if (first?.kind === 'unusable' && felt.every((found) => found.kind === 'unusable')) return first;
  const baseline = record.phases.find((phase) => phase.phase === 'baseline');
  if (baseline === undefined)
    return { kind: 'unusable', reason: 'the run had no baseline, so it is not known when it began', evidence: [] };
  const evidence = felt.flatMap((found) => (found.kind === 'felt' ? found.fault.evidence : []));
  const window = { fromMs: baseline.fromMs, toMs: endOfTraffic(record) };
  return { kind: 'usable', window, when: 'in the whole run', evidence };
}

/** Requests are sent until the settling is over. */
function endOfTraffic(record: RunRecord): number {
  const ends = record.phases.filter(({ phase }) => phase === 'settle' || phase === 'heal' || phase === 'method').map(({ toMs }) => toMs);
  const finite = ends.filter(Number.isFinite);
  return finite.length === 0 ? record.toMs : Math.max(...finite);
}

/** Hits and requests of every second, for what comes in bursts. */
export function perSecond(tallies: Tallies, { fromMs, toMs }: Window): Tally[] {
  return Array.from({ length: Math.max(1, Math.ceil((toMs - fromMs) / SECOND_MS)) }, (_, i) =>
    tallies.totalIn({ fromMs: fromMs + i * SECOND_MS, toMs: fromMs + (i + 1) * SECOND_MS }),
  );
}
