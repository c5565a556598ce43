import { describe, expect, it } from 'vitest';
import { kubernetesProbe } from '../../../src/verify/detectors/kubernetes-probe.js';

describe('kubernetesProbe', () => {
  const ends = (text: string, settings = { failureThreshold: 3, successThreshold: 1 }): string => {
    const watch = kubernetesProbe.open(settings, 0);
    return Array.from(text)
      .map((end) => {
        watch.observe({ kind: 'probe', succeeded: end === '+' }, 0);
        return watch.status(0).suspected ? 'S' : '.';
      })
      .join('');
  };

  it('suspects at the third failure in a row, and trusts at the first success', () => {
    expect(ends('+--+---+')).toBe('......S.');
  });

  it('trusts only after as many successes in a row as it is told', () => {
    expect(ends('---+-++', { failureThreshold: 3, successThreshold: 2 })).toBe('..SSSS.');
  });
});
