/** Our HTTP link without a fault. */
import { faultlabVersion, startFaultlab } from '../faultlab.mjs';

export const faultlabHttp = {
  name: 'faultlab-http',
  role: 'ours',
  summary: 'our HTTP link, no fault, recording',
  missing: () => undefined,
  version: ({ main }) => faultlabVersion(main),
  start: ({ options, ...context }) => startFaultlab({ ...context, main: options.main, profileFolder: options.profile, protocol: 'http' }),
};
