/**
 * From which severity on does a defence notice, and after how long? Judged level by level of a sweep. What a reader gets wrong: a level is not
 * noticed unless every caller that has the defence has noticed it, and what a rest that is too short leaves behind is nobody's failure.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { defineCheck } from '../check.js';
import { baselineOf } from '../inference/traffic.js';
import { detectionPoint } from '../rules/detection-points.js';
import { detectionRules, detectionThreshold } from '../rules/detection-rules.js';
import { lengthMs } from '../rules/fault-of-step.js';
import { endsBefore } from '../rules/limits-ahead.js';
import { inconclusive, settle } from '../rules/rule.js';

const severity = () => z.union([percentage(), duration()]);

const schema = z.strictObject({
  from: z.string().meta({ description: 'the service that has the defence' }),
  to: z.string().meta({ description: 'the service that the fault is on the way to' }),
  during: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((steps) => [steps].flat())
    .meta({ description: 'a fault step with a sweep, which stands for all of its levels' }),
  defence: z.enum(['ejection', 'breaker']).meta({ description: 'what must notice' }),
  noticesFrom: severity().meta({ description: 'this level of the sweep must be noticed, and every one above' }),
  within: duration().meta({ description: 'longest time from the start of the fault at that level' }),
  sparesUpTo: severity().optional().meta({ description: 'this level, and every one below, must not be taken for a failure' }),
  minDemand: z.int().min(20).default(40).meta({ description: 'requests of each level without which it is not judged' }),
});

export const detectionCurve = defineCheck({
  name: 'detectionCurve',
  summary: 'Demands that a defence notices a fault from some severity on, in time, and leaves weaker ones alone.',
  schema,
  example: { from: 'gateway', to: 'inventory', during: ['gray'], defence: 'ejection', noticesFrom: 60, within: '5s', sparesUpTo: 2 },
  foresee: ({ during, noticesFrom, within }, outlook) => {
    const due = during.flatMap((step) => outlook.during(step) ?? []).filter(({ fault }) => (fault.severity?.value ?? -1) >= noticesFrom);
    if (due.length === 0) return [{ kind: 'cannotJudge', says: 'no level of the sweep is so severe that it must be noticed' }];
    return due.flatMap((prospect) => endsBefore(prospect, within));
  },
  evaluate: ({ during, ...params }, record) => {
    const baseline = baselineOf(record);
    if (baseline === undefined) return inconclusive('there is no finished baseline to calibrate demand by');
    const levels = record.plan.steps.flatMap(({ name, fault }) =>
      fault?.severity !== undefined && during.includes(name) ? [{ step: name, severity: fault.severity }] : [],
    );
    const [first] = levels;
    if (first === undefined) return inconclusive('none of these steps is a level of a sweep');
    const seen = levels
      .toSorted((a, b) => a.severity.value - b.severity.value)
      .map(({ step, severity: level }) => detectionPoint({ ...params, record, baseline }, step, level));
    const points = seen.map(({ point }) => point);
    const tooShort = record.faults.filter((fault) => lengthMs(fault) < params.within).map(({ step }) => step);
    const rules = detectionRules(points, params, new Set(tooShort));
    if (points.every(({ value }) => value < params.noticesFrom)) return inconclusive('no level is so severe that it must be noticed');
    return settle(rules, {
      subject: `${params.from} -> ${params.to}`,
      facts: [detectionThreshold(points)],
      // The strongest first: those are the ones that must have been noticed.
      evidence: seen.toReversed().flatMap(({ evidence }) => evidence),
      curve: { subject: `${params.from} -> ${params.to}`, of: first.severity.of, withinMs: params.within, points },
    });
  },
});
