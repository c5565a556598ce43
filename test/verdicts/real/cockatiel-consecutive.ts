/** cockatiel's ConsecutiveBreaker. */
import { ConsecutiveBreaker } from 'cockatiel';
import { realBreaker } from './breaker-cycles.js';
import { cockatielPolicy } from './cockatiel-policy.js';

export const cockatielConsecutive = realBreaker({
  name: 'cockatiel 3.2.1 consecutive (real)',
  summary: '5 failures in a row; open for 250 ms',
  start: ({ call, on }) => cockatielPolicy(new ConsecutiveBreaker(5), { call, on }),
});
