/** Back with a sixteenth of its share, and more of it every second: what is declared must not be taken for a caller that prefers others. */
import { haproxyUpstream } from './haproxy-upstream.js';

export const haproxySlowstart = haproxyUpstream({
  name: 'HAProxy slowstart (real)',
  summary: 'mark-down after 5 errors in a row, back after 3 checks 400 ms apart, at its full share 2 s later',
  checks: 'inter 400ms rise 3 fall 3 slowstart 2s',
  observes: 'error-limit 5 on-error mark-down',
  faultMs: 2_600,
  calmMs: 4_000,
  detectWithinMs: 1_500,
  returnsWithinMs: 2_600,
  preset: { haproxy: { errorLimit: 5, onError: 'mark-down', inter: '400ms', rise: 3, slowstart: '2s' } },
});
