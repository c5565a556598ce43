/**
 * Stops when the run has spent its slice of an error budget. The budget is of the whole window of an objective: 99.9 % over 720h at 100 requests a
 * second are 259,200 failures. A reader may miss that the lab's load stands for the world's unless `requests` says how many there really are.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';
import { defineStopCondition, type StopFacts } from './stop-condition.js';

/** A year and a bit. */
const WINDOW_MS_MAX = 400 * 24 * 3_600e3;

const errorBudgetSchema = z.strictObject({
  objective: percentage().meta({ description: 'per cent of requests that must succeed, like 99.9' }),
  window: duration({ minMs: 1, maxMs: WINDOW_MS_MAX }).meta({ description: 'over so long, like 720h' }),
  spend: percentage().meta({ description: 'per cent of the budget that this run may use up' }),
  requests: z.int().min(1).optional().meta({ description: 'requests in the window; the rate of the baseline, gone on with, if omitted' }),
});
type ErrorBudget = z.output<typeof errorBudgetSchema>;

/** Windows are days and weeks, which nobody counts in minutes. */
function hours(ms: number): string {
  return `${Number((ms / 3_600e3).toFixed(3))}h`;
}

/** Failures that this run may cause. */
function allowance({ objective, window: windowMs, spend, requests }: ErrorBudget, { baselinePerSecond }: StopFacts): number {
  const inWindow = requests ?? (baselinePerSecond * windowMs) / 1e3;
  // Whole failures; 100 - 99.9 is a little less than 0.1 in binary, which must not cost one.
  return Math.floor((inWindow * (100 - objective) * spend) / 1e4 + 1e-6);
}

export const errorBudget = defineStopCondition({
  name: 'errorBudget',
  summary: 'Stops when the run has spent more than its slice of the error budget of an objective.',
  schema: z.strictObject({ errorBudget: errorBudgetSchema.meta({ description: 'the objective, and how much of its budget may go' }) }),
  example: { errorBudget: { objective: 99.9, window: '720h', spend: 1 } },
  words: ({ errorBudget: { objective, window: windowMs, spend } }) =>
    `more than ${spend} % of the error budget of ${objective} % over ${hours(windowMs)}`,
  trips: ({ errorBudget: params }, facts) => {
    const allowed = allowance(params, facts);
    return facts.harmed > allowed ? `${facts.harmed} failed requests, and the slice is ${allowed}` : undefined;
  },
});
