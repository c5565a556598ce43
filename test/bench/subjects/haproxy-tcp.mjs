/** HAProxy in TCP mode. */
import { haproxyMissing, haproxyVersion, plainListeners, startHaproxy } from '../haproxy.mjs';

export const haproxyTcp = {
  name: 'haproxy-tcp',
  role: 'peer',
  summary: 'HAProxy in TCP mode, a thread per core as by default',
  missing: haproxyMissing,
  version: haproxyVersion,
  start: ({ upstreams, ...context }) => startHaproxy({ ...context, mode: 'tcp', listeners: plainListeners(upstreams) }),
};
