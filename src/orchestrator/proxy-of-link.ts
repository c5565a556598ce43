/** What a data plane is told of a link: one proxy of the link’s name, on any port of loopback unless the plan names one. */
import type { ProxySpecInput } from '../dataplane/proxy.js';
import { withAbsoluteFiles } from '../dataplane/tls/spec/absolute-files.js';
import type { PlannedLink } from '../experiment/plan.js';

/** `upstream` is where the callee listens. */
export function proxyOfLink(link: PlannedLink, upstream: string): ProxySpecInput {
  const { name, from, to, protocol, listen = '127.0.0.1:0', tls, observe, protected: isProtected } = link;
  return {
    name,
    from,
    to,
    protocol,
    upstream,
    protected: isProtected,
    listen,
    ...(tls && { tls: withAbsoluteFiles(tls) }),
    ...(observe && { observe }),
  };
}
