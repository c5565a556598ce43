/** The first errors in a row leave one failed check to live for, however many it takes otherwise; the next ones are that check. */
import { haproxyUpstream } from './haproxy-upstream.js';

export const haproxySuddenDeath = haproxyUpstream({
  name: 'HAProxy sudden-death (real)',
  summary: 'observe layer7, twice 5 errors in a row between two checks 1.5 s apart',
  checks: 'inter 1500ms rise 2 fall 20',
  observes: 'error-limit 5 on-error sudden-death',
  faultMs: 2_600,
  calmMs: 3_600,
  detectWithinMs: 1_700,
  returnsWithinMs: 3_400,
});
