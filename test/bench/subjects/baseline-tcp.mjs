/** The TCP link of another build, to see what a change has brought in the same run. */
import { faultlabVersion, startFaultlab } from '../faultlab.mjs';

export const baselineTcp = {
  name: 'baseline-tcp',
  role: 'peer',
  summary: 'the TCP link of the build named by --baseline',
  isOffered: ({ baseline }) => baseline !== undefined,
  missing: () => undefined,
  version: ({ baseline }) => faultlabVersion(baseline),
  start: ({ options, ...context }) => startFaultlab({ ...context, main: options.baseline, protocol: 'tcp' }),
};
