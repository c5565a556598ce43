/** Our TCP link without a fault. */
import { faultlabVersion, plainLinks, startFaultlab } from '../faultlab.mjs';

export const faultlabTcp = {
  name: 'faultlab-tcp',
  role: 'ours',
  /** What our HTTP link has to be compared with. */
  isReference: true,
  summary: 'our TCP link, no fault, recording',
  missing: () => undefined,
  version: ({ main }) => faultlabVersion(main),
  start: ({ options, upstreams, processes }) =>
    startFaultlab({ main: options.main, links: plainLinks('tcp', upstreams), processes, profileFolder: options.profile }),
};
