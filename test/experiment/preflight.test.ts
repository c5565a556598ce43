import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { preflight, worstHarm } from '../../src/experiment/preflight.js';
import { edited, SMALL } from '../support/experiment.js';

const planText = (text: string) => planExperiment({ ...loadExperiment({ text, file: 'small.yaml' }), seed: 1 });
const foresee = (text: string) => preflight(planText(text), shippedCatalogs);
/** 20 requests a second for the 4 s of the fault. */
const errorRatio = (rest: string) => `${SMALL}  - {name: few, errorRatio: {to: web, max: 5, during: bad-api, ${rest}}}\n`;

describe('before a run', () => {
  it('is foreseen that a promise will have too few requests to be judged by', () => {
    expect(foresee(errorRatio('minDemand: 81'))).toContainEqual({
      about: 'few',
      kind: 'cannotJudge',
      says: 'about 80 requests fall due while "bad-api" is on, and 81 are needed',
    });
    expect(foresee(errorRatio('minDemand: 80')).filter(({ about }) => about === 'few')).toEqual([]);
  });

  it('is foreseen that a baseline is too short for the instances to be compared', () => {
    const short = edited(SMALL, 'steadyState:\n', 'steadyState:\n  baseline: 2s\n');
    expect(foresee(short)).toEqual([
      {
        about: 'outlierEjection',
        kind: 'cannotJudge',
        says: 'each of 2 instances has about 20 requests in the baseline, and 30 are needed',
      },
    ]);
    expect(foresee(SMALL)).toEqual([]);
  });

  it('is foreseen that too few can meet a fault', () => {
    const [felt] = foresee(edited(SMALL, 'duration: 4s', 'duration: 4s\n      minMatched: 500'));
    expect(felt).toMatchObject({ kind: 'cannotJudge', says: expect.stringContaining('and 500 are needed') });
  });

  it('nothing is foreseen where the load goes by the answers', () => {
    expect(foresee(edited(errorRatio('minDemand: 10000'), `rate: "\${inputs.rate}"`, 'model: closed\n  users: 3'))).toEqual([]);
  });
});

describe('the worst harm', () => {
  it('is every request that falls due while any fault is on, counted once', () => {
    expect(worstHarm(planText(SMALL), shippedCatalogs)).toBe(80);
    const two = edited(
      edited(SMALL, ', accepts: [abort, partition]', ''),
      '  - {name: rest,',
      '  - {name: slow, fault: {type: latency, target: {from: web, to: api}, value: {latency: 1ms}, duration: 6s}}\n  - {name: rest,',
    );
    expect(worstHarm(planText(two), shippedCatalogs)).toBe(120);
  });
});
