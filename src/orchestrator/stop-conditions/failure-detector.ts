/** Stops when a failure detector suspects instances by the answers that their callers got in the last half minute. */
import { z } from 'zod';
import { grouped } from '../../core/grouped.js';
import type { Exchange } from '../../journal/observations.js';
import { detectorChoice } from '../../verify/detectors/choice.js';
import { suspicionTurns } from '../../verify/inference/suspicions.js';
import { defineStopCondition, type StopFacts } from './stop-condition.js';

/** Longer than most time-outs; who has been silent for all of it was suspected before. */
const WINDOW_MS = 30_000;
/** Of one instance; the newest. */
const REQUESTS_MAX = 2_000;

const schema = z.strictObject({
  failureDetector: z
    .strictObject({
      from: z.string().optional().meta({ description: 'whose requests count: a service, or `load`; everybody’s if omitted' }),
      to: z.string().meta({ description: 'the service whose instances are watched, or one of them' }),
      using: detectorChoice.meta({ description: 'a failure detector and its settings, like {phiAccrual: {threshold: 8}}' }),
      suspects: z.int().min(1).default(1).meta({ description: 'stop when it suspects so many instances at a time' }),
    })
    .meta({ description: 'a failure detector that hears the answers of requests' }),
});
type Watched = z.output<typeof schema>['failureDetector'];

export const failureDetector = defineStopCondition({
  name: 'failureDetector',
  summary: 'Stops when a failure detector suspects so many instances of a service, by the answers that their callers get.',
  schema,
  example: { failureDetector: { to: 'payments', using: { fixedTimeout: { timeout: '5s' } }, suspects: 2 } },
  words: ({ failureDetector: { to, using, suspects } }) => `${using.detector} suspects ${suspects} of ${to}`,
  trips: ({ failureDetector: watched }, facts) => {
    const suspected = suspectedNow(watched, facts);
    if (suspected.length < watched.suspects) return undefined;
    return `${watched.using.detector} suspects ${suspected.join(', ')}`;
  },
});

/** Instances that nobody has called in all of the window are not watched. */
function suspectedNow({ from, to, using }: Watched, { nowMs, recent }: StopFacts): readonly string[] {
  const byInstance = grouped(recent({ from, to }, WINDOW_MS), (exchange) => exchange.to);
  const isSuspected = (requests: readonly Exchange[]): boolean => {
    const newest = requests.slice(-REQUESTS_MAX);
    const fromMs = newest.reduce((first, { startMs }) => Math.min(first, startMs), nowMs);
    return suspicionTurns(using, newest, { fromMs, toMs: nowMs }).at(-1)?.suspected === true;
  };
  return [...byInstance].flatMap(([instance, requests]) => (isSuspected(requests) ? [instance] : [])).sort();
}
