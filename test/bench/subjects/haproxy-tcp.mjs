/** HAProxy in TCP mode. */
import { haproxyMissing, haproxyVersion, startHaproxy } from '../haproxy.mjs';

export const haproxyTcp = {
  name: 'haproxy-tcp',
  role: 'peer',
  summary: 'HAProxy in TCP mode, a thread per core as by default',
  missing: haproxyMissing,
  version: haproxyVersion,
  start: (context) => startHaproxy({ ...context, mode: 'tcp' }),
};
