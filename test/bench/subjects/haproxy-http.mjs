/** HAProxy in HTTP mode. */
import { haproxyMissing, haproxyVersion, startHaproxy } from '../haproxy.mjs';

export const haproxyHttp = {
  name: 'haproxy-http',
  role: 'peer',
  summary: 'HAProxy in HTTP mode, a thread per core as by default',
  missing: haproxyMissing,
  version: haproxyVersion,
  start: (context) => startHaproxy({ ...context, mode: 'http' }),
};
