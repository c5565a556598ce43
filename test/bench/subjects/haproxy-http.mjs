/** HAProxy in HTTP mode; beside it, with TLS in front of it, and with HTTP/2 on both sides and TLS in front. */
import { haproxyMissing, haproxyVersion, plainListeners, startHaproxy } from '../haproxy.mjs';

export const haproxyHttp = {
  name: 'haproxy-http',
  role: 'peer',
  summary: 'HAProxy in HTTP mode, a thread per core as by default',
  missing: haproxyMissing,
  version: haproxyVersion,
  start: (context) =>
    startHaproxy({ ...context, mode: 'http', listeners: [...plainListeners(context.upstreams), ...tlsListeners(context)] }),
};

function tlsListeners({ upstreams, http2Upstream, certificate }) {
  if (certificate === undefined) return [];
  const bind = `ssl crt ${certificate.both} alpn`;
  const tls = { route: 'tls', upstream: upstreams.hello, bind: `${bind} http/1.1` };
  if (http2Upstream === undefined) return [tls];
  return [tls, { route: 'h2', upstream: http2Upstream, bind: `${bind} h2`, server: 'proto h2' }];
}
