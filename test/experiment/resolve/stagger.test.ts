/** One instance after another: which steps a staggered fault becomes, and what cannot be staggered. */
import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../../src/experiment/catalogs.js';
import { timeline } from '../../../src/experiment/timeline.js';
import { planText, problemsOf } from '../../support/experiment.js';

const plan = (method: string) => `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: stagger}
seed: 7
topology:
  services:
    web: {protocol: http, instances: 2, argv: [node, web.js], env: {DB: "\${link.db}"}}
    db: {protocol: http, instances: 4, argv: [node, db.js]}
  links: [{from: web, to: db}]
  roles: {leader: {service: db, probe: {type: http, path: /role, jsonpath: "$.role", expect: leader}}}
load: {rate: 20/s, target: web, requests: [{name: all, path: "/"}]}
stopConditions: [none]
method:
  - name: zone
    fault: ${method}
  - {name: rest, startAfter: zone, wait: 1s}
`;
const planned = (method: string) => planText(plan(method), {}, shippedCatalogs);
const faults = (method: string) =>
  timeline(planned(method).steps).flatMap(({ step: { name, fault }, fromMs, toMs }) =>
    fault === undefined ? [] : [{ name, fromMs, toMs, processes: fault.processes, links: fault.links }],
  );

describe('a staggered fault', () => {
  it('comes to one process after another, each for its whole duration, and ends with the last', () => {
    const method = '{type: crash, target: db, duration: 2s, stagger: 500ms}';
    expect(faults(method).map(({ name, fromMs, toMs, processes }) => [name, fromMs, toMs, processes])).toEqual([
      ['zone.db-1', 0, 2_000, ['db-1']],
      ['zone.db-2.fault', 500, 2_500, ['db-2']],
      ['zone.db-3.fault', 1_000, 3_000, ['db-3']],
      ['zone.db-4.fault', 1_500, 3_500, ['db-4']],
    ]);
    expect(timeline(planned(method).steps).find(({ step }) => step.name === 'rest')?.fromMs).toBe(3_500);
  });

  it('comes to the links of one callee after another', () => {
    const method = '{type: latency, target: {from: web/web-2, to: [db/db-2, db/db-4]}, value: {latency: 50ms}, duration: 2s, stagger: 1s}';
    expect(faults(method).map(({ fromMs, links }) => [fromMs, links])).toEqual([
      [0, ['web-2->db-2']],
      [1_000, ['web-2->db-4']],
    ]);
  });

  it('means whom chance chooses for it all at once', () => {
    const rest = 'type: pause, target: {service: db, count: 2}, duration: 2s';
    const [atOnce] = faults(`{${rest}}`);
    expect(faults(`{${rest}, stagger: 1s}`).flatMap(({ processes }) => processes)).toEqual(atOnce?.processes);
  });

  it.each([
    ['of a role', '{type: pause, target: {role: leader}, duration: 2s, stagger: 1s}', 'who holds a role is asked for when it begins'],
    ['of a partition', '{type: partition, among: db, shape: one, duration: 2s, stagger: 1s}', 'a partition of a group comes all at once'],
    [
      'at several severities',
      '{type: latency, target: {from: web, to: db}, duration: 2s, stagger: 1s, sweep: {of: latency, levels: [1ms, 2ms]}}',
      'stagger or sweep',
    ],
    ['of nobody', '{type: pause, target: bd, duration: 2s, stagger: 1s}', 'did you mean "db"?'],
    ['without a unit', '{type: pause, target: db, duration: 2s, stagger: 500}', 'a number without a unit'],
  ])('%s is refused once', (_what, method, sentence) => {
    const problems = problemsOf(plan(method), {}, shippedCatalogs);
    expect(problems.filter((line) => line.includes(sentence))).toHaveLength(1);
  });
});
