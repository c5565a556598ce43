// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, test } from 'vitest';
import { LabError } from '../../src/core/errors.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { stubCatalogs } from '../support/catalogs.js';
import { edited, planText, problemsOf, SMALL } from '../support/experiment.js';

function load(text: string, variables: Readonly<Record<string, string>> = {}) {
  return loadExperiment({ text, file: 'small.yaml', variables, catalogs: stubCatalogs });
}

/** What is changed, and the whole first line that must be said about it. */
const SLIPS: readonly (readonly [about: string, from: string, to: string, said: string])[] = [
  ['a misspelt key', 'stopConditions:', 'stopCondition:', 'small.yaml:29:1  stopCondition: unknown key; did you mean "stopConditions"?'],
  [
    'a misspelt nested key',
    'percentage: "',
    'percentge: "',
    'small.yaml:36:7  method[0].fault.percentge: unknown key; did you mean "percentage"?',
  ],
  [
    'a misspelt key in a fault’s value',
    '{status: 500}',
    '{statsu: 500}',
    'small.yaml:37:15  method[0].fault.value.statsu: unknown key; did you mean "status"?',
  ],
  [
    'a misspelt key in a check',
    'detectWithin: 2s',
    'detectWithn: 2s',
    'small.yaml:41:77  verify[0].outlierEjection.detectWithn: unknown key; did you mean "detectWithin"?',
  ],
  [
    'a misspelt key of a probe type',
    'tolerance:',
    'tolerence:',
    'small.yaml:28:7  steadyState.probes[0].tolerence: unknown key; did you mean "tolerance"?',
  ],
  ['a misspelt step kind', 'wait: 2s', 'wiat: 2s', 'small.yaml:39:39  method[1].wiat: unknown key; did you mean "wait"?'],
  [
    'an unknown check',
    '- outlierEjection:',
    '- outlierRejection:',
    'small.yaml:41:5  verify[0].outlierRejection: unknown key; did you mean "outlierEjection"?',
  ],
  [
    'an unknown fault',
    'type: abort',
    'type: aborted',
    'small.yaml:34:13  method[0].fault.type: expected one of abort, delay, latency, blackhole, partition, found "aborted"; did you mean "abort"?',
  ],
  [
    'an unknown probe type',
    'type: wire',
    'type: wires',
    'small.yaml:25:13  steadyState.probes[0].type: expected one of command, http, liveness, process, prometheus, readiness, tcp, wire, found "wires"; did you mean "wire"?',
  ],
  [
    'a unit of the wrong kind',
    'duration: 4s',
    'duration: 4MB',
    'small.yaml:38:17  method[0].fault.duration: expected a duration with its unit (us, ms, s, m, h), like 250ms; found "4MB"',
  ],
  [
    'a bare number where a unit is needed',
    'duration: 4s',
    'duration: 4',
    'small.yaml:38:17  method[0].fault.duration: expected a duration with its unit (us, ms, s, m, h), like 250ms; found 4, a number without a unit',
  ],
  [
    'a rate without its unit',
    'rate: "$',
    'rate: 50 #',
    'small.yaml:18:9  load.rate: expected a rate (/s, /m, /h), like 120/s; found 50, a number without a unit',
  ],
  [
    'a missing duration',
    '      duration: 4s\n',
    '',
    'small.yaml:33:5  method[0].fault.duration: expected a value, found nothing (how long the fault stays on, like 30s: every fault must have an end)',
  ],
  ['a status out of range', 'status: 500', 'status: 42', 'small.yaml:37:23  method[0].fault.value.status: expected at least 200, found 42'],
  ['a value that is a list', '{status: 500}', '[500]', 'small.yaml:37:14  method[0].fault.value: expected a map, found a list of 1'],
  ['an empty value', '{status: 500}', '', 'small.yaml:37:14  method[0].fault.value: expected a map, found nothing'],
  ['another language', 'faultlab/v1', 'litmus/v1', 'small.yaml:1:13  apiVersion: expected "faultlab/v1", found "litmus/v1"'],
  ['another kind', 'kind: Experiment', 'kind: Workflow', 'small.yaml:2:7  kind: expected one of Experiment, GameDay, found "Workflow"'],
  [
    'a service with a slash in its name',
    '    db: ',
    '    d/b: ',
    'small.yaml:13:5  topology.services.d/b: expected a name of letters, digits, dots, dashes and underscores',
  ],
  [
    'a step that does two things',
    'wait: 2s',
    'wait: 2s, fault: {type: blackhole, target: {from: web, to: api}, duration: 1s}',
    'small.yaml:39:5  method[1]: expected exactly one of approve, fault, heal, load, note, probe, release, run, snapshot, wait, serial, parallel, choose',
  ],
  [
    'a step that does nothing',
    ', wait: 2s',
    '',
    'small.yaml:39:5  method[1]: expected exactly one of approve, fault, heal, load, note, probe, release, run, snapshot, wait, serial, parallel, choose',
  ],
  [
    'an entry of verify without a check',
    '  - outlierEjection: {from: web, to: api, during: bad-api, expect: [api-2], detectWithin: 2s}',
    '  - name: nothing',
    'small.yaml:41:5  verify[0]: expected exactly one check, found none; known: outlierEjection, circuitBreaker, recovery, faultWasFelt, steadyState',
  ],
  [
    'match on a fault that cuts whole links',
    'type: abort\n      target: {from: web, to: api/api-2}\n      percentage: "${inputs.share}"\n      value: {status: 500}',
    'type: partition\n      target: {from: web, to: api/api-2}\n      match: {path: /x}',
    'small.yaml:36:7  method[0].fault.match: unknown key; known: unit, resolve, duration, lease, source, pulse, stagger, minMatched, among, select, target, type',
  ],
  [
    'a misspelt word for what is left alone',
    'percentage: "${inputs.share}"',
    'exclude: [probs]',
    'small.yaml:36:17  method[0].fault.exclude[0]: expected "probes", found "probs"',
  ],
  [
    'what is left alone, as a number',
    'percentage: "${inputs.share}"',
    'exclude: 7',
    'small.yaml:36:16  method[0].fault.exclude: expected a map or "probes" or a list (http only: requests it leaves alone, whatever `match` says; `probes` stands for health and readiness checks), found 7',
  ],
  [
    'a misspelt condition of what is left alone',
    'percentage: "${inputs.share}"',
    'exclude: {paht: /x}',
    'small.yaml:36:17  method[0].fault.exclude.paht: unknown key; did you mean "path"?',
  ],
  [
    'an expression that cannot be kept in bounds',
    'percentage: "${inputs.share}"',
    'match: {pathRegex: "(?=/x)"}',
    'small.yaml:36:26  method[0].fault.match.pathRegex: expected a regular expression of RE2 (no lookaround, no backreferences); error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
  ],
  [
    'a percentage above 100',
    'percentage: "$',
    'percentage: 130 #',
    'small.yaml:36:19  method[0].fault.percentage: expected a percentage from 0 to 100, like 40 or 40%; found 130',
  ],
  ['a key that stands twice', 'seed: 7', 'seed: 7\nseed: 8', 'small.yaml:5:1  the key "seed" stands twice in one map'],
  ['an alias without an anchor', 'name: small', 'name: *small', 'small.yaml:3:18  alias *small names no anchor that stands before it'],
  [
    'an unknown template',
    '"${inputs.rate}"',
    '"${inputs.rte}"',
    'small.yaml:18:10  load.rate: unknown template ${inputs.rte}; did you mean "inputs.rate"?',
  ],
  [
    'a template of a service in a request',
    '"/${key}"',
    '"/${self.port}"',
    'small.yaml:21:27  load.requests[0].path: ${self.port} has a meaning only in a service’s argv, env and files, and a role’s argv',
  ],
  [
    'a template where no one fills it in',
    'owner: me',
    'owner: "team ${key}"',
    'small.yaml:3:38  metadata.owner: ${key} has a meaning only in a load request’s path, headers and body',
  ],
  ['a template that does not end', 'kind: Experiment', 'kind: "${inputs."', 'small.yaml:2:8  kind: expected a } after ${inputs.'],
  [
    'a template that does not end, where any text may stand',
    'owner: me',
    'owner: "team ${inputs.mode"',
    'small.yaml:3:38  metadata.owner: expected a } after ${inputs.mode',
  ],
  [
    'a default that is not of the input’s type',
    'default: 20/s',
    'default: 20',
    'small.yaml:6:31  inputs.rate.default: expected a rate (/s, /m, /h), like 120/s; found 20, a number without a unit',
  ],
  [
    'a default outside the enum',
    'default: fast',
    'default: warp',
    'small.yaml:8:33  inputs.mode.default: expected one of fast, slow, found "warp"',
  ],
  [
    'an input without a default',
    'type: rate, default: 20/s',
    'type: rate',
    'small.yaml:6:3  inputs.rate: this input has no default: give it with --var rate=…',
  ],
];

describe('a slip in an experiment', () => {
  test.each(SLIPS)('%s: is named with its place', (_about, from, to, said) => {
    expect(problemsOf(edited(SMALL, from, to))[0]).toBe(said);
  });

  test.each(SLIPS)('%s: is said once, without echoes', (_about, from, to) => {
    const heads = problemsOf(edited(SMALL, from, to)).filter((line) => line.startsWith('small.yaml:'));
    expect(heads).toHaveLength(1);
  });

  test('is shown with its line and a caret under the place', () => {
    expect(problemsOf(edited(SMALL, 'duration: 4s', 'duration: 4'))).toEqual([
      expect.stringContaining('small.yaml:38:17'),
      '          duration: 4',
      '                    ^',
    ]);
  });

  test('does not hide the others: all are reported, in the order of the file', () => {
    const text = edited(edited(edited(SMALL, 'status: 500', 'statsu: 500'), 'seed: 7', 'seed: -7'), 'for: 5s', 'for: 5');
    const heads = problemsOf(text).filter((line) => line.startsWith('small.yaml:'));
    expect(heads.map((line) => line.split('  ')[1]?.split(':')[0])).toEqual([
      'seed',
      'stopConditions[0].for',
      'method[0].fault.value.statsu',
    ]);
  });

  test('the text that the slips are made in is itself accepted', () => {
    expect(planText(SMALL).recorded.title).toBe('small');
  });
});

describe('inputs', () => {
  test('a template that is the whole text keeps the type of its input', () => {
    const { experiment } = load(SMALL);
    expect(experiment.load?.scenarios[0]?.params).toEqual({ rate: 20, stages: [] });
    expect(experiment.method[0]?.act).toMatchObject({ given: { percentage: 30 } });
  });

  test('--var wins over the default and is recorded', () => {
    const { experiment, inputs } = load(SMALL, { rate: '6/m', share: '40%' });
    expect(experiment.load?.scenarios[0]?.params['rate']).toBeCloseTo(0.1);
    expect(experiment.method[0]?.act).toMatchObject({ given: { percentage: 40 } });
    expect(inputs).toEqual({ rate: '6/m', share: '40%', mode: 'fast' });
  });

  test('a template inside a longer text is filled in as text', () => {
    const { experiment } = load(edited(SMALL, 'owner: me', 'owner: "the ${inputs.mode} team"'), { mode: 'slow' });
    expect(experiment.metadata.owner).toBe('the slow team');
  });

  test.each([
    [{ rate: '5' }, '--var rate: expected a rate (/s, /m, /h), like 120/s; found "5"'],
    [{ mode: 'warp' }, '--var mode: expected one of fast, slow, found "warp"'],
    [{ share: '101' }, '--var share: expected a percentage from 0 to 100, like 40 or 40%; found "101"'],
  ])('a --var of the wrong type is refused: %o', (variables, said) => {
    expect(problemsOf(SMALL, variables)).toEqual([said]);
  });

  test.each([
    ['{type: number, default: 3}', '4e1', '40'],
    ['{type: boolean, default: false}', 'true', 'true'],
    ['{type: duration}', '3s', '3s'],
  ])('an input %s takes %s', (declaration, text, value) => {
    expect(load(edited(SMALL, 'inputs:', `inputs:\n  extra: ${declaration}`), { extra: text }).inputs['extra']).toBe(value);
  });

  test.each([
    ['{type: number, default: 3}', 'three'],
    ['{type: number, default: 3}', ''],
    ['{type: boolean, default: false}', 'yes'],
  ])('an input %s does not take %s', (declaration, text) => {
    expect(problemsOf(edited(SMALL, 'inputs:', `inputs:\n  extra: ${declaration}`), { extra: text })[0]).toMatch(/^--var extra: expected /);
  });

  test('a --var that no input declares is refused with the names there are', () => {
    expect(() => load(SMALL, { rtae: '5/s' })).toThrow(
      expect.objectContaining({
        code: 'INPUT_UNKNOWN',
        message: '--var rtae: no input of that name; the plan declares: rate, share, mode',
      }) as LabError,
    );
  });

  test('an inherited property is not an input', () => {
    expect(() => load(SMALL, { constructor: 'x' })).toThrow(LabError);
  });
});

describe('anchors', () => {
  test('may be used, and a slip behind one is shown where it was written', () => {
    const shared = edited(SMALL, 'value: {status: 500}', 'value: &down {status: 500}');
    const again = '  - {name: again, fault: {type: abort, target: {from: web, to: api}, value: *down, duration: 1s}}\nverify:';
    expect(planText(edited(shared, 'verify:', again)).steps).toHaveLength(3);
    const spoilt = edited(edited(shared, 'verify:', again), '{status: 500}', '{status: 5}');
    expect(problemsOf(spoilt).filter((line) => line.startsWith('small.yaml:'))).toEqual([
      'small.yaml:37:29  method[0].fault.value.status: expected at least 200, found 5',
      'small.yaml:37:29  method[2].fault.value.status: expected at least 200, found 5',
    ]);
  });
});
