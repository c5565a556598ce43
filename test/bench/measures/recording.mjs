/** What recording costs: the same link with `record: false` beside it, in the same process. */
import { costMetrics, sampleCost } from '../load/cost.mjs';

export const recording = {
  name: 'recording',
  summary: 'requests per second and processor time with recording, beside the same without it',
  route: 'hello',
  metrics: costMetrics('recording'),
  appliesTo: ({ routes }) => routes.unrecorded !== undefined,
  sample: ({ address, instance, lengths, signal }) =>
    sampleCost({
      without: instance.routes.unrecorded,
      between: async () => ({ address }),
      pids: instance.pids,
      seconds: lengths.seconds,
      signal,
    }),
};
