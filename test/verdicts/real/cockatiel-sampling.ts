/** cockatiel's SamplingBreaker. */
import { SamplingBreaker } from 'cockatiel';
import { realBreaker } from './breaker-cycles.js';
import { cockatielPolicy } from './cockatiel-policy.js';

export const cockatielSampling = realBreaker({
  name: 'cockatiel 3.2.1 sampling (real)',
  summary: 'more than half of the calls of 600 ms failed; open for 250 ms',
  start: ({ call, on }) => cockatielPolicy(new SamplingBreaker({ threshold: 0.5, duration: 600, minimumRps: 20 }), { call, on }),
});
