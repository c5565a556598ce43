/** The HTTP link of another build, to see what a change has brought in the same run. */
import { faultlabVersion, plainLinks, startFaultlab } from '../faultlab.mjs';

export const baselineHttp = {
  name: 'baseline-http',
  role: 'peer',
  summary: 'the HTTP link of the build named by --baseline',
  isOffered: ({ baseline }) => baseline !== undefined,
  missing: () => undefined,
  version: ({ baseline }) => faultlabVersion(baseline),
  start: ({ options, upstreams, processes }) => startFaultlab({ main: options.baseline, links: plainLinks('http', upstreams), processes }),
};
