/** Out at the last of so many errors in a row, whatever the checks say; back by checks that never failed. */
import { haproxyUpstream } from './haproxy-upstream.js';

export const haproxyMarkDown = haproxyUpstream({
  name: 'HAProxy mark-down (real)',
  summary: 'observe layer7, 10 errors in a row, back after 3 checks 500 ms apart',
  checks: 'inter 500ms rise 3 fall 3',
  // Its own limit: by times out alone others could be meant.
  observes: 'error-limit 10 on-error mark-down',
  faultMs: 2_600,
  calmMs: 2_600,
  detectWithinMs: 2_000,
  returnsWithinMs: 2_500,
  fingerprint: { names: ['HAProxy'], faultMs: 9_000, calmMs: 2_600 },
});
