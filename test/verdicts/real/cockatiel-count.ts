/** cockatiel's CountBreaker. */
import { CountBreaker } from 'cockatiel';
import { realBreaker } from './breaker-cycles.js';
import { cockatielPolicy } from './cockatiel-policy.js';

export const cockatielCount = realBreaker({
  name: 'cockatiel 3.2.1 count (real)',
  summary: 'more than half of the last 40 calls failed; open for 250 ms',
  start: ({ call, on }) => cockatielPolicy(new CountBreaker({ threshold: 0.5, size: 40 }), { call, on }),
});
