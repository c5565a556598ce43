// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of a plan look like this
/** Faults on processes in a plan: what they need of those that they act on, and what is refused before anything is started. */
import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../../src/experiment/catalogs.js';
import { planText, problemsOf } from '../../support/experiment.js';

const plan = (method: string, { data = '${self.data}', service = '' } = {}) => `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: processes}
seed: 7
topology:
  services:
    web: {protocol: http, argv: [node, web.js], env: {DB: "\${link.db}"}}
    db: {protocol: http, instances: 3, labels: {zone: a}, argv: [node, db.js, "${data}"]${service}}
  links: [{from: web, to: db}]
load: {rate: 20/s, target: web, requests: [{name: all, path: "/"}]}
stopConditions: [none]
method:
${method}
`;
const step = (name: string, rest: string): string => `  - {name: ${name}, ${rest}}\n`;
const crash = (data: string, more = ''): string =>
  step('crash', `fault: {type: crash, target: db, value: {data: ${data}}, duration: 2s}${more}`);
const problems = (...given: Parameters<typeof plan>) => problemsOf(plan(...given), {}, shippedCatalogs).join('\n');

describe('a crash with other data', () => {
  it('is planned where the service has a folder, and a snapshot comes before it', () => {
    const text = plan(step('copy', 'snapshot: db') + crash('stale', ', startAfter: copy'), { service: ', dataDirectory: /tmp/disk' });
    const { services, steps } = planText(text, {}, shippedCatalogs);
    expect(services.map(({ name, data }) => [name, data])).toEqual([
      ['web', undefined],
      ['db', { directory: '/tmp/disk' }],
    ]);
    expect(steps[0]).toMatchObject({ kind: 'snapshot', copies: ['db-1', 'db-2', 'db-3'], summary: 'copy the data of db-1, db-2, db-3' });
  });

  it.each([
    ['without a folder', crash('empty'), { data: 'x' }, 'expected a data folder to replace, found none of db: name ${self.data}'],
    [
      'without a snapshot',
      crash('stale'),
      {},
      'expected a `snapshot` step before it, whose copy is the stale data; found none of db-1, db-2, db-3',
    ],
    [
      'with a snapshot of others',
      `${step('copy', 'snapshot: db/db-2')}${crash('stale', ', startAfter: copy')}`,
      {},
      'found none of db-1, db-3',
    ],
    [
      'with a snapshot that comes later',
      crash('stale') + step('copy', 'snapshot: db, startAfter: crash'),
      {},
      'expected a `snapshot` step before it',
    ],
    ['with an unknown kind of data', crash('old'), {}, 'same'],
  ])('is refused %s', (_what, method, given, sentence) => {
    expect(problems(method, given)).toContain(sentence);
  });
});

describe('a snapshot', () => {
  it.each([
    ['of those who keep nothing', step('copy', 'snapshot: web'), {}, 'expected instances with a data folder, found web-1'],
    ['of nobody', step('copy', 'snapshot: bd'), {}, 'did you mean "db"?'],
  ])('is refused %s', (_what, method, given, sentence) => {
    expect(problems(method, given)).toContain(sentence);
  });

  it('is not made in a rehearsal', () => {
    expect(planText(plan(step('copy', 'snapshot: db')), {}, shippedCatalogs).steps[0]?.rehearsed).toEqual({ instances: [] });
  });
});

it('a folder that nobody is told of is refused', () => {
  expect(problems(step('rest', 'wait: 1s'), { data: 'x', service: ', dataDirectory: /tmp' })).toContain('nobody would know of the folder');
});

it('the clocks of those whose clock is set, and of nobody else, are made for it', () => {
  const method = step('skewed', 'fault: {type: clockSkew, target: [db/db-1, db/db-3], value: {ahead: 1h}, duration: 2s}');
  const { services } = planText(plan(method), {}, shippedCatalogs);
  expect(services.flatMap(({ instances }) => instances.map(({ name, needs }) => [name, needs]))).toEqual([
    ['web-1', undefined],
    ['db-1', ['steeredClock']],
    ['db-2', undefined],
    ['db-3', ['steeredClock']],
  ]);
});

describe('a process that the run does not start', () => {
  const attached = (service: string, fault: string) => `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: foreign}
seed: 7
topology:
  services:
    web: {protocol: http, argv: [node, web.js], env: {DB: "\${link.db}"}}
    db: {${service}}
  links: [{from: web, to: db}]
load: {rate: 20/s, target: web, requests: [{name: all, path: "/"}]}
stopConditions: [none]
method: [{name: x, fault: {${fault}, target: db, duration: 2s}}]
`;
  const instance = (more: string): string => `instances: [{name: db-1, address: "127.0.0.1:9"${more}}]`;

  it.each([
    ['by its pid', ', pid: 77', 'type: pause'],
    ['for a share of the time, by its pid', ', pid: 77', 'type: slowCpu, value: {share: 20}'],
    ['by its unit', ', unit: db.service', 'type: pause'],
  ])('may be paused %s, where it accepts that', (_how, more, fault) => {
    const { steps } = planText(attached(`${instance(more)}, accepts: [pause, slowCpu]`, fault), {}, shippedCatalogs);
    expect(steps[0]?.fault?.foreign).toEqual(['db-1']);
  });

  it.each([
    ['without a word that it may be', instance(', pid: 77'), 'type: pause', 'db-1 is somebody else’s: expected `accepts: [pause]` at db'],
    ['where it accepts something else', `${instance(', pid: 77')}, accepts: [slowCpu]`, 'type: pause', 'db does not accept pause'],
    ['without a process', `${instance('')}, accepts: [pause]`, 'type: pause', 'expected its pid or its unit, found neither for db-1'],
    ['in a container', `${instance(', container: db')}, accepts: [pause]`, 'type: pause', 'expected its pid or its unit'],
    [
      'twenty times a second by systemd',
      `${instance(', unit: db')}, accepts: [slowCpu]`,
      'type: slowCpu, value: {share: 20}',
      'expected a pid',
    ],
    ['by a crash', `${instance(', pid: 77')}, accepts: [crash]`, 'type: crash', 'it can be given pause and slowCpu'],
    [
      'by its clock',
      `${instance(', pid: 77')}, accepts: [clockSkew]`,
      'type: clockSkew, value: {ahead: 1s}',
      'it can be given pause and slowCpu',
    ],
  ])('is not touched %s', (_how, service, fault, sentence) => {
    expect(problemsOf(attached(service, fault), {}, shippedCatalogs).join('\n')).toContain(sentence);
  });
});
