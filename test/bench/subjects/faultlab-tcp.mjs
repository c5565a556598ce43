/** Our TCP link without a fault. */
import { faultlabVersion, startFaultlab } from '../faultlab.mjs';

export const faultlabTcp = {
  name: 'faultlab-tcp',
  role: 'ours',
  summary: 'our TCP link, no fault, recording',
  missing: () => undefined,
  version: ({ main }) => faultlabVersion(main),
  start: ({ options, ...context }) => startFaultlab({ ...context, main: options.main, profileFolder: options.profile, protocol: 'tcp' }),
};
