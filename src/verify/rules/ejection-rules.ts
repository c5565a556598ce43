/** What `outlierEjection` holds against its limits, in figures and in sentences that name the instance. */
import { formatMs } from '../../core/units.js';
import { isSuccess } from '../../journal/observations.js';
import type { FaultWindow, RunRecord } from '../../journal/record.js';
import type { Measurement } from '../check.js';
import { type Ejection, type InstanceHistory, silencesOf } from '../inference/ejection.js';
import { FINGERPRINT_GAPS, fingerprintOf } from '../inference/ejection-fingerprint.js';
import { type EjectionScore, falseEjections, outAtOnceMax, returnMs } from '../inference/ejection-score.js';
import { probeExchanges } from '../inference/traffic.js';
import type { StateLane } from '../state-lane.js';
import { lengthMs, nextFaultMs } from './fault-of-step.js';
import { atMost, formatSpan, type Rule } from './rule.js';

export interface EjectionLimits {
  detectWithin: number;
  falsePositives: number;
  minDemandPerHost: number;
  returnsWithin?: number | undefined;
}

/** One caller's view of the instances of one service. */
export interface EjectionScene {
  limits: EjectionLimits;
  record: RunRecord;
  fault: FaultWindow;
  caller: string;
  histories: readonly InstanceHistory[];
  scores: readonly EjectionScore[];
  /** Requests to all instances while the fault was on. */
  demand: number;
  /** Longest time without a request to any of them, where it is no chance: nobody can be missed then, and all may have been out. */
  pauseMs: number | undefined;
  /** When the last request to any of them began: nothing is known of later. */
  lastRequestMs: number;
}

/** Why these histories cannot be judged; undefined when they can. */
export function ejectionObstacle({ limits, caller, histories, scores, demand }: EjectionScene): string | undefined {
  if (scores.length === 0) return `none of the instances that should be ejected is called by ${caller}`;
  const scarce = histories.find((h) => Math.min(h.baselineRequests, h.share * demand) < limits.minDemandPerHost);
  if (scarce !== undefined) {
    const expected = Math.floor(scarce.share * demand);
    const figures = `${scarce.baselineRequests} requests in the baseline, about ${expected} due while the fault was on`;
    return `not enough demand from ${caller}: ${scarce.instance} had ${figures}; ${limits.minDemandPerHost} of each are needed`;
  }
  const before = scores.find((score) => score.wasOut);
  return before && `${before.instance} was out already when the fault began`;
}

export function ejectionRules(scene: EjectionScene): Rule[] {
  return [...scene.scores.flatMap((score) => [detection(scene, score), ...returning(scene, score)]), falsePositives(scene)];
}

/** Why the traffic does not say whether, or by when, it was ejected; undefined when it does. */
function doubtAbout({ limits, fault, histories }: EjectionScene, score: EjectionScore): string | undefined {
  const { instance, detectionMs } = score;
  // A doubtful silence that began in time may have been the ejection.
  const startsMs = [...score.doubtful.map(({ started }) => started[0] - fault.fromMs), ...(detectionMs ? [detectionMs[0]] : [])];
  const isLate = detectionMs !== undefined && Math.min(...startsMs) > limits.detectWithin;
  const silences = score.doubtful.length + score.ejections.length;
  if (silences > 0 && (score.isShunned || score.doubtful.length > 0) && !isLate) {
    return `${instance} fell silent ${silences} times with only a trickle of requests in between: ejected or merely shunned, the traffic does not say (a slow start that is declared would explain it)`;
  }
  if (!isLate && detectionMs !== undefined) return undefined;
  if (score.isNearlyOut) {
    return `${instance} got next to nothing from ${formatMs(limits.detectWithin)} after the fault began on, but was hardly silent: put out by each of several views of it, or merely avoided, the traffic does not say`;
  }
  const hint = score.hints.find(({ started }) => started[0] - fault.fromMs <= limits.detectWithin);
  if (hint === undefined) return undefined;
  const needed = histories.find((h) => h.instance === instance)?.missedMin ?? 0;
  return `${instance} fell silent ${formatMs(hint.started[0] - fault.fromMs)} after the fault began, while ${hint.missed} requests passed it by: ${needed} are needed to tell an ejection from a share that has dipped`;
}

function detection(scene: EjectionScene, score: EjectionScore): Rule {
  const { limits, fault } = scene;
  const { instance, requests, faulted, detectionMs } = score;
  const limit = formatMs(limits.detectWithin);
  const rule = { name: `${instance}: ejected after`, unit: 'ms', limit: `<= ${limit}`, samples: requests } as const;
  const doubt = doubtAbout(scene, score);
  if (doubt !== undefined) return { ...rule, value: null, met: null, says: doubt };
  if (detectionMs === undefined) {
    const isLongEnough = lengthMs(fault) >= limits.detectWithin;
    const seen = `${requests} requests reached it while the fault was on, ${faulted.length} of them faulted, longest silence ${formatMs(score.longestSilenceMs)}`;
    const shortly = `${instance} was not ejected, but the fault was on for only ${formatMs(lengthMs(fault))} of the ${limit} allowed`;
    return {
      ...rule,
      value: null,
      met: isLongEnough ? false : null,
      says: isLongEnough ? `${instance} was never ejected: ${seen}` : shortly,
    };
  }
  const met = atMost(detectionMs, limits.detectWithin);
  const late =
    met === true
      ? ''
      : met === false
        ? `, too late for the limit of ${limit}`
        : `, which leaves open whether the limit of ${limit} was kept`;
  const before = `after ${score.faultedBefore ?? 0} faulted requests`;
  return {
    ...rule,
    value: detectionMs[1],
    interval: detectionMs,
    met,
    says: `${instance} was ejected ${formatSpan(detectionMs)} after the fault began, ${before}${late}`,
  };
}

function returning({ limits, fault, histories, record, lastRequestMs }: EjectionScene, { instance, ejections }: EjectionScore): Rule[] {
  const history = histories.find((h) => h.instance === instance);
  if (limits.returnsWithin === undefined || history === undefined || ejections.length === 0) return [];
  const upToMs = Math.min(lastRequestMs, nextFaultMs(record, fault, fault.planned.links));
  const afterMs = returnMs(history, { sinceMs: fault.toMs, byMs: fault.toMs + limits.returnsWithin, upToMs });
  const limit = formatMs(limits.returnsWithin);
  const isOut = afterMs[1] === Number.POSITIVE_INFINITY;
  const met = atMost(afterMs, limits.returnsWithin);
  const out = `${instance} was still out ${formatMs(afterMs[0])} after the fault had ended`;
  const back =
    afterMs[1] === 0
      ? `${instance} was in use when the fault ended`
      : `${instance} was back ${formatSpan(afterMs)} after the fault had ended`;
  const verdict =
    met === true ? '' : met === false ? ` (limit ${limit})` : `, and the traffic does not show whether the limit of ${limit} was kept`;
  return [
    {
      name: `${instance}: back after`,
      value: isOut ? null : afterMs[1],
      unit: 'ms',
      ...(!isOut && { interval: afterMs }),
      limit: `<= ${limit}`,
      met,
      says: `${isOut ? out : back}${verdict}`,
    },
  ];
}

/** What may have become of an instance that was not surely ejected while the fault was on. */
function likely({ isDoubtful, started }: Ejection, { fromMs }: FaultWindow): string {
  if (isDoubtful) return 'was shunned, or ejected';
  if (started[1] < fromMs) return 'was out before the fault, and then for so long that it must have been ejected anew,';
  return 'was ejected as the fault began, or right before it,';
}

/** Healthy instances are watched until the bad one must be back, or until the next fault on these links. */
function falsePositives({ limits, fault, histories, record, pauseMs }: EjectionScene): Rule {
  const toMs = Math.min(fault.toMs + (limits.returnsWithin ?? 0), nextFaultMs(record, fault, fault.planned.links));
  const suspects = falseEjections(histories, { window: { fromMs: fault.fromMs, toMs }, faults: record.faults });
  const isSure = ({ started, isDoubtful }: Ejection): boolean => !isDoubtful && started[0] >= fault.fromMs;
  const wrong = suspects.filter(({ ejection }) => isSure(ejection));
  const names = [...new Set(wrong.map(({ instance }) => instance))];
  const first = wrong[0];
  const doubtful = suspects.find(({ ejection }) => !isSure(ejection));
  const paused =
    pauseMs === undefined
      ? 'no healthy instance was ejected'
      : `no instance was sent anything for ${formatMs(pauseMs)}: all of them may have been out`;
  const none = doubtful ? `${doubtful.instance} ${likely(doubtful.ejection, fault)} although nothing was done to it` : paused;
  const says = first
    ? `${names.join(', ')} ${names.length > 1 ? 'were' : 'was'} ejected although nothing was done to ${names.length > 1 ? 'them' : 'it'}, first ${formatMs(first.ejection.started[1] - fault.fromMs)} after the fault began`
    : none;
  return {
    name: 'ejections of healthy instances',
    value: wrong.length,
    unit: 'count',
    limit: `<= ${limits.falsePositives}`,
    met: wrong.length > limits.falsePositives ? false : suspects.length > limits.falsePositives || pauseMs !== undefined ? null : true,
    says,
  };
}

/** Events that show it: the fault, the first harm, the edges of the first silence, and whoever was ejected by mistake. */
export function ejectionEvidence({ fault, histories, record, scores }: EjectionScene): number[] {
  const edges = scores.flatMap(({ faulted, ejections: [first] }) => [faulted.at(0)?.n, first?.last.n, first?.next?.n]);
  const wrong = falseEjections(histories, { window: fault, faults: record.faults }).map(({ ejection }) => ejection.last.n);
  return [...fault.evidence, ...edges, ...wrong].flatMap((n) => n ?? []);
}

/** A fault that spares some requests lets an instance back in by chance, and then its times out begin anew. */
const FAULTED_MIN = 0.99;

/** Whose outlier detection this looks like, where an instance was out often enough while it failed all the time. */
export function ejectionFacts({ fault, histories, scores }: EjectionScene): Measurement[] {
  if (fault.applied < FAULTED_MIN * fault.matched) return [];
  return scores.flatMap(({ instance, ejections, hints, doubtful }) => {
    const history = histories.find((h) => h.instance === instance);
    const whole = silencesOf({ ejections, hints }).filter(({ ended }) => (ended?.[1] ?? Number.POSITIVE_INFINITY) < fault.toMs);
    if (history === undefined || doubtful.length > 0) return [];
    const { products, gaps } = fingerprintOf(whole, { requests: history.requests, window: fault });
    if (gaps < FINGERPRINT_GAPS.min) return [];
    const unknown = products.length === 0 ? 'unknown: like no product that is known here' : `unknown: ${products.join(' or ')}`;
    return [{ name: `${instance}: ejected like by`, value: products.length === 1 ? (products[0] ?? unknown) : unknown, samples: gaps }];
  });
}

export function ejectionAlternatives({ fault, record, histories, scores }: EjectionScene): string[] {
  const ejected = scores.filter(({ ejections }) => ejections.length > 0);
  const missed = ejected.map(({ instance, ejections }) => `${ejections[0]?.missed ?? 0} requests passed ${instance} by`);
  const least = Math.max(0, ...histories.map((h) => (Number.isFinite(h.missedMin) ? h.missedMin : 0)));
  const probes = ejected.map(({ instance, ejections: [first] }) => {
    const seen = probeExchanges(record, instance, { fromMs: fault.fromMs, toMs: first?.started[1] ?? fault.toMs });
    const bad = seen.filter((e) => !isSuccess(e)).length;
    if (seen.length === 0) return `active health checks: none of ${instance} crossed a link of ours`;
    return bad === 0
      ? `active health checks: ruled out for ${instance}, all ${seen.length} succeeded until it was out`
      : `active health checks: not ruled out for ${instance}, ${bad} of ${seen.length} failed before it was out`;
  });
  return [
    ...(missed.length > 0 ? [`chance or no demand: ruled out, ${missed.join(', ')} (up to ${least} needed)`] : []),
    ...(missed.length > 0 ? ['mere preference for other instances: ruled out, not one request came in between'] : []),
    ...probes,
    `out at the same time: at most ${outAtOnceMax(histories, fault)} of ${histories.length}`,
  ];
}

/** Each instance over the whole run, for the timeline. */
export function ejectionLanes({ histories, record, lastRequestMs }: EjectionScene): StateLane[] {
  const fromMs = record.phases.find((p) => p.phase === 'baseline')?.fromMs ?? record.fromMs;
  return histories.map(({ instance, ejections }) => {
    const segments: { state: string; fromMs: number; toMs: number }[] = [];
    let atMs = fromMs;
    for (const { started, ended, isDoubtful } of ejections) {
      const untilMs = ended?.[1] ?? lastRequestMs;
      segments.push(
        { state: 'in', fromMs: atMs, toMs: started[0] },
        { state: isDoubtful ? 'shunned' : 'ejected', fromMs: started[0], toMs: untilMs },
      );
      atMs = untilMs;
    }
    if (atMs < lastRequestMs) segments.push({ state: 'in', fromMs: atMs, toMs: lastRequestMs });
    return { subject: instance, kind: 'ejection', segments };
  });
}
