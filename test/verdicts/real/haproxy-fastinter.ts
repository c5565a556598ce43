/** Errors only bring the next checks forward; it is they that take the server out, so they have to fail as well. */
import { haproxyUpstream } from './haproxy-upstream.js';

export const haproxyFastinter = haproxyUpstream({
  name: 'HAProxy fastinter (real)',
  summary: 'observe layer7, after 5 errors in a row 3 checks 100 ms apart in place of 2 s',
  checks: 'inter 2s downinter 400ms rise 2 fall 3',
  observes: 'fastinter 100ms error-limit 5 on-error fastinter',
  failsChecks: true,
  faultMs: 2_600,
  calmMs: 2_400,
  detectWithinMs: 1_500,
  returnsWithinMs: 2_000,
});
