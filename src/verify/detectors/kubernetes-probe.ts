/** A Kubernetes probe: so many failures in a row, and so many successes to come back. How often it asks is up to whoever asks. */
import { z } from 'zod';
import { defineDetector } from './detector.js';

export const kubernetesProbe = defineDetector({
  name: 'kubernetesProbe',
  summary: 'Suspects after so many failed probes in a row, like a kubelet.',
  schema: z.strictObject({
    failureThreshold: z.int().min(1).default(3).meta({ description: 'failures in a row until it suspects' }),
    successThreshold: z.int().min(1).default(1).meta({ description: 'successes in a row until it trusts again' }),
  }),
  example: { failureThreshold: 3 },
  hears: ['probe'],
  open: ({ failureThreshold, successThreshold }) => {
    let failures = 0;
    let successes = 0;
    let suspected = false;
    return {
      observe: (sign) => {
        if (sign.kind !== 'probe') return;
        failures = sign.succeeded ? 0 : failures + 1;
        successes = sign.succeeded ? successes + 1 : 0;
        if (failures >= failureThreshold) suspected = true;
        if (successes >= successThreshold) suspected = false;
      },
      status: () => ({ suspected, level: suspected ? Math.max(1, failures / failureThreshold) : failures / failureThreshold }),
    };
  },
});
