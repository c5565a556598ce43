/**
 * Which traffic a promise is about: whose requests, and when. While a fault was on, after it had ended, or the whole run; never a stretch in
 * which a fault was meant to be on and was not felt, because whatever was promised for it was not put to the test.
 */
import { z } from 'zod';
import { formatMs } from '../../core/units.js';
import type { RecordedExchange, RunRecord, Window } from '../../journal/record.js';
import type { Judgement } from '../check.js';
import { baselineOf, dataExchanges, instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { faultOfStep, nextFaultMs } from './fault-of-step.js';
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
  requests: readonly RecordedExchange[];
  /** The same requests before any fault; empty where there was no finished baseline. */
  baseline: readonly RecordedExchange[];
  /** Of the fault that it is about. */
  evidence: readonly number[];
}

/** Judges each stretch of time by itself; the worst is the verdict. `requestsMin`: fewer in one of them are too few to judge. */
export function judgeScopes(
  params: ScopeParams,
  { record, requestsMin, judge }: { record: RunRecord; requestsMin: number; judge: (scope: Scope) => Judgement },
): Judgement {
  const unseen = unseenFrom(record, params.from);
  if (unseen !== undefined) return inconclusive(unseen);
  const all = dataExchanges(record, { from: instancesOf(record, params.from), to: instancesOf(record, params.to) });
  const requests = params.route === undefined ? all : all.filter((e) => e.route === params.route);
  const calm = baselineOf(record);
  const baseline = calm === undefined ? [] : within(requests, calm);
  const whose = `${params.from} -> ${params.to}${params.route === undefined ? '' : ` (${params.route})`}`;
  return combine(
    stretchesOf(params, record).map((stretch) => {
      if (stretch.kind === 'unusable') return inconclusive(stretch.reason, stretch.evidence);
      const { window, evidence } = stretch;
      const scope: Scope = { subject: `${whose} ${stretch.when}`, window, requests: within(requests, window), baseline, evidence };
      if (scope.requests.length >= requestsMin) return judge(scope);
      const seen = `only ${scope.requests.length} requests in ${formatMs(window.toMs - window.fromMs)}`;
      return inconclusive(`${scope.subject}: ${seen}; ${requestsMin} are needed to judge`, evidence);
    }),
  );
}

/** A time to judge by, or why it is none. */
export type Stretch =
  | { kind: 'usable'; window: Window; when: string; evidence: readonly number[] }
  | { kind: 'unusable'; reason: string; evidence: readonly number[] };

/** The times that `during` or `after` name, each for itself; the whole run if neither does. */
export function stretchesOf({ during, after }: Pick<ScopeParams, 'during' | 'after'>, record: RunRecord): readonly Stretch[] {
  if (during !== undefined) return [during].flat().map((name) => whileOn(name, record));
  return [after === undefined ? wholeRun(record) : afterEnd(after, record)];
}

function whileOn(name: string, record: RunRecord): Stretch {
  const found = faultOfStep(record, name);
  if (found.kind === 'unusable') return found;
  const { fromMs, toMs, evidence } = found.fault;
  return { kind: 'usable', window: { fromMs, toMs }, when: `during "${name}"`, evidence };
}

function afterEnd(name: string, record: RunRecord): Stretch {
  const found = faultOfStep(record, name);
  if (found.kind === 'unusable') return found;
  const { fault } = found;
  const links = record.plan.links.map((link) => link.name);
  const window = { fromMs: fault.toMs, toMs: Math.min(endOfTraffic(record), nextFaultMs(record, fault, links)) };
  return { kind: 'usable', window, when: `after "${name}"`, evidence: fault.evidence };
}

/** From the baseline on. A run in which no fault was felt has put nothing to the test. */
function wholeRun(record: RunRecord): Stretch {
  const steps = record.plan.steps.filter((planned) => planned.fault !== undefined);
  const felt = steps.map((planned) => faultOfStep(record, planned.name));
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
export function perSecond<T extends { startMs: number }>(
  items: readonly T[],
  { fromMs, toMs }: Window,
  isHit: (item: T) => boolean,
): { hits: number; samples: number }[] {
  const bins = Array.from({ length: Math.max(1, Math.ceil((toMs - fromMs) / 1_000)) }, () => ({ hits: 0, samples: 0 }));
  for (const item of items) {
    const bin = bins[Math.floor((item.startMs - fromMs) / 1_000)];
    if (bin === undefined) continue;
    bin.samples += 1;
    if (isHit(item)) bin.hits += 1;
  }
  return bins;
}
