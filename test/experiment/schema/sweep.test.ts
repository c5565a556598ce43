/** `sweep:` from the text of a plan to its steps, and what is said where it is wrong. */
import { describe, expect, it } from 'vitest';
import { loadExperiment } from '../../../src/experiment/load.js';
import { planExperiment } from '../../../src/experiment/plan-experiment.js';
import { timeline } from '../../../src/experiment/timeline.js';

const planOf = (fault: string, verify = 'faultWasFelt: {step: other}', step = '') =>
  planExperiment({
    ...loadExperiment({
      text: `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: swept, owner: me}
topology:
  services:
    web: {protocol: http, argv: [node, web.js]}
    api: {protocol: http, instances: 2, argv: [node, api.js]}
  links: [{from: web, to: api}]
load: {rate: 20/s, target: web, requests: [{name: all, path: /}]}
stopConditions: [none]
method:
  - {name: gray, ${step} fault: {target: {from: web, to: api/api-1}, duration: 5s, ${fault}}}
  - {name: other, startAfter: gray, fault: {type: noop, target: {from: web, to: api}, duration: 1s}}
verify: [${verify}]
`,
      file: 'swept.yaml',
    }),
    seed: 1,
  });
const ABORT = 'type: abort, value: {status: 503}';

describe('a sweep', () => {
  it('is the fault at each level, one after the other, with a rest after each', () => {
    const { steps } = planOf(`${ABORT}, sweep: {levels: [5, 40, 100%], rest: 8s}`);
    const rows = timeline(steps).map(({ step, fromMs, toMs }) => [step.name, fromMs, toMs]);
    expect(rows).toEqual([
      ['gray.1', 0, 5_000],
      ['gray.wait-2', 5_000, 13_000],
      ['gray.2', 13_000, 18_000],
      ['gray.wait-4', 18_000, 26_000],
      ['gray.3', 26_000, 31_000],
      ['gray.wait-6', 31_000, 39_000],
      ['other', 39_000, 40_000],
    ]);
    const faults = steps.flatMap(({ fault }) => (fault?.severity === undefined ? [] : [fault]));
    expect(faults.map(({ spec }) => spec.percentage)).toEqual([5, 40, 100]);
    expect(faults.map(({ severity }) => severity)).toEqual([
      { of: 'percentage', value: 5, text: '5 %' },
      { of: 'percentage', value: 40, text: '40 %' },
      { of: 'percentage', value: 100, text: '100 %' },
    ]);
  });

  it('varies a parameter that is a duration, and names its steps by it', () => {
    const { steps } = planOf('type: delay, sweep: {of: delay, levels: [50ms, 1s]}');
    const faults = steps.flatMap(({ name, fault }) => (fault?.severity === undefined ? [] : [{ name, fault }]));
    expect(faults.map(({ name }) => name)).toEqual(['gray.50ms', 'gray.1s']);
    expect(faults.map(({ fault }) => fault.spec.value)).toEqual([{ delay: '50ms' }, { delay: '1s' }]);
    expect(faults[1]?.fault.severity).toEqual({ of: 'delay', value: 1_000, text: '1s' });
  });

  it('stands for all of its levels where a check names it', () => {
    const curve = 'detectionCurve: {from: web, to: api, during: gray, defence: ejection, noticesFrom: 40, within: 4s}';
    const { checks } = planOf(`${ABORT}, sweep: {levels: [5, 40]}`, curve);
    expect(checks[0]?.params).toMatchObject({ during: ['gray.5', 'gray.40'], noticesFrom: 40, within: 4_000 });
  });

  it('repeats with its step, each copy a sweep of its own', () => {
    const names = planOf(`${ABORT}, sweep: {levels: [5, 40]}`, undefined, 'repeat: 2,').steps.map(({ name }) => name);
    expect(names).toEqual([
      'gray.1.5',
      'gray.1.wait-2',
      'gray.1.40',
      'gray.1.wait-4',
      'gray.2.5',
      'gray.2.wait-2',
      'gray.2.40',
      'gray.2.wait-4',
      'other',
    ]);
  });

  it.each([
    ['sweep: {levels: [40, 5]}', /method\[0\]\.fault\.sweep\.levels\[1\]: expected more at each level, found 5 % after 40 %/],
    ['sweep: {levels: [5, 140]}', /method\[0\]\.fault\.sweep\.levels\[1\]: expected a percentage from 0 to 100/],
    ['sweep: {levels: [5, 40], rests: 1s}', /method\[0\]\.fault\.sweep\.rests: unknown key; did you mean "?rest/],
    ['percentage: 20, sweep: {levels: [5, 40]}', /method\[0\]\.fault\.percentage: the levels of the sweep say this; leave it out/],
    ['sweep: {of: delay, levels: [5, 40]}', /expected a duration with its unit .*found 5, a number without a unit/],
    ['sweep: {of: dealy, levels: [5ms, 40ms]}', /method\[0\]\.fault\.value\.dealy: unknown key/],
  ])('that says %s is refused, with the place', (sweep, message) => {
    expect(() => planOf(`${ABORT}, ${sweep}`)).toThrow(message);
  });

  it('counts against the bound of steps before any is made', () => {
    const levels = Array.from({ length: 40 }, (_, i) => i + 1).join(', ');
    expect(() => planOf(`${ABORT}, sweep: {levels: [${levels}]}`, undefined, 'repeat: 13,')).toThrow(
      /at most 1000 steps, copies counted, found 1041/,
    );
  });
});
