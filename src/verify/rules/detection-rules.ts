/** What `detectionCurve` holds against its limits: each level that must be noticed, and each that must not. */
import { formatMs } from '../../core/units.js';
import type { DetectionPoint, Measurement } from '../check.js';
import { atMost, formatSpan, type Rule } from './rule.js';

export interface DetectionLimits {
  noticesFrom: number;
  within: number;
  sparesUpTo?: number | undefined;
}

/** Steps whose fault was on for less than `within`: that they were not noticed proves nothing. */
type TooShort = ReadonlySet<string>;

export function detectionRules(points: readonly DetectionPoint[], limits: DetectionLimits, tooShort: TooShort): Rule[] {
  const { noticesFrom, sparesUpTo = Number.NEGATIVE_INFINITY } = limits;
  const due = points.filter(({ value }) => value >= noticesFrom).map((point) => noticing(point, limits, tooShort));
  const spared = points.filter(({ value }) => value <= sparesUpTo && value < noticesFrom).map(sparing);
  return [...spared, ...due];
}

function noticing(point: DetectionPoint, { within }: DetectionLimits, tooShort: TooShort): Rule {
  const { step, text, afterMs, noticed, faulted, unknown } = point;
  const rule = { name: `${text}: noticed after`, unit: 'ms', limit: `<= ${formatMs(within)}`, samples: faulted } as const;
  if (noticed === null) return { ...rule, value: null, met: null, says: `whether ${text} was noticed is not known: ${unknown}` };
  if (afterMs === undefined && tooShort.has(step)) {
    return { ...rule, value: null, met: null, says: `${text} was not noticed, but was on for less than the ${formatMs(within)} allowed` };
  }
  if (afterMs === undefined)
    return { ...rule, value: null, met: false, says: `${text} was not noticed, ${faulted} faulted requests went by` };
  const met = atMost(afterMs, within);
  const late =
    met === true ? '' : met === false ? `, later than ${formatMs(within)}` : `, which leaves open whether within ${formatMs(within)}`;
  return { ...rule, value: afterMs[1], interval: afterMs, met, says: `${text} was noticed after ${formatSpan(afterMs)}${late}` };
}

function sparing({ text, noticed, faulted, unknown }: DetectionPoint): Rule {
  const rule = { name: `${text}: left alone`, unit: '', limit: 'yes', samples: faulted } as const;
  if (noticed === null) return { ...rule, value: null, met: null, says: `whether ${text} was left alone is not known: ${unknown}` };
  if (noticed) return { ...rule, value: 'no', met: false, says: `${text} was taken for a failure, which is to be left alone` };
  return { ...rule, value: 'yes', met: true, says: `${text} was left alone` };
}

/** The weakest level from which on all were noticed, and the strongest that was not. */
export function detectionThreshold(points: readonly DetectionPoint[]): Measurement {
  const missed = points.findLastIndex(({ noticed }) => noticed !== true);
  const [last, first] = [points[missed], points[missed + 1]];
  const notNoticed = last === undefined ? '' : `, ${last.noticed === null ? 'not known' : 'not'} at ${last.text}`;
  return { name: 'noticed from', value: first === undefined ? null : `${first.text} on${notNoticed}`, samples: points.length };
}
