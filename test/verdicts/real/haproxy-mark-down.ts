/** Out at the last of so many errors in a row, whatever the checks say; back by checks that never failed. */
import { haproxyUpstream } from './haproxy-upstream.js';

export const haproxyMarkDown = haproxyUpstream({
  name: 'HAProxy mark-down (real)',
  summary: 'observe layer7, 5 errors in a row, back after 3 checks 400 ms apart',
  checks: 'inter 400ms rise 3 fall 3',
  observes: 'error-limit 5 on-error mark-down',
  faultMs: 2_600,
  calmMs: 2_600,
  detectWithinMs: 1_500,
  returnsWithinMs: 2_200,
});
