/** So many errors in a row count as one failed check: it takes three times as many, and no check that passes in between. */
import { haproxyUpstream } from './haproxy-upstream.js';

export const haproxyFailCheck = haproxyUpstream({
  name: 'HAProxy fail-check (real)',
  summary: 'observe layer7, 3 times 4 errors in a row between two checks 1.5 s apart',
  checks: 'inter 1500ms rise 2 fall 3',
  observes: 'error-limit 4 on-error fail-check',
  faultMs: 2_600,
  calmMs: 3_600,
  detectWithinMs: 1_700,
  returnsWithinMs: 3_400,
});
