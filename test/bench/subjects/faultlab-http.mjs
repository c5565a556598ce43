/** Our HTTP link without a fault; beside it, the same without recording, with TLS in front of it, and with HTTP/2 inside of TLS. */
import { faultlabVersion, plainLinks, startFaultlab } from '../faultlab.mjs';

export const faultlabHttp = {
  name: 'faultlab-http',
  role: 'ours',
  summary: 'our HTTP link, no fault, recording',
  missing: () => undefined,
  version: ({ main }) => faultlabVersion(main),
  start: ({ options, upstreams, http2Upstream, processes }) =>
    startFaultlab({ main: options.main, links: linksTo(upstreams, http2Upstream), processes, profileFolder: options.profile }),
};

function linksTo(upstreams, http2Upstream) {
  const links = [
    ...plainLinks('http', upstreams),
    { name: 'unrecorded', protocol: 'http', upstream: upstreams.hello, record: false },
    { name: 'tls', protocol: 'http', upstream: upstreams.hello, tls: 'terminate' },
  ];
  if (http2Upstream !== undefined) links.push({ name: 'h2', protocol: 'http2', upstream: http2Upstream, tls: 'terminate' });
  return links;
}
