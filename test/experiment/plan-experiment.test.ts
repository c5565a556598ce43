// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { stubCatalogs } from '../support/catalogs.js';
import { edited, planText, problemsOf, SMALL } from '../support/experiment.js';

/** What is changed, and the whole first line that must be said about it. */
const REFUSED: readonly (readonly [about: string, from: string, to: string, said: string])[] = [
  [
    'a link to an unknown service',
    '{from: api, to: db}',
    '{from: api, to: bd}',
    'small.yaml:16:23  topology.links[1].to: unknown service "bd"; did you mean "db"?',
  ],
  [
    'a link that stands twice',
    '{from: api, to: db}',
    '{from: web, to: api}',
    'small.yaml:16:7  topology.links[1]: the link web->api stands here twice',
  ],
  [
    'a service that is neither started nor attached to',
    ', argv: [node, api.js]',
    '',
    'small.yaml:12:5  topology.services.api: expected argv (to start it) or an address for every instance (where it already runs), found neither for api-1; who only calls, from outside, needs links with `listen`',
  ],
  [
    'fewer addresses than pairs of instances',
    '{from: web, to: api}',
    '{from: web, to: api, listen: "127.0.0.1:9000"}',
    'small.yaml:15:36  topology.links[0].listen: expected an address for each pair of instances, found 1 for 2: web-1->api-1, web-1->api-2',
  ],
  [
    'a service that is both started and attached to',
    'db: {',
    'db: {argv: [db], ',
    'small.yaml:13:33  topology.services.db.instances: expected either argv (to start it) or addresses (where it already runs), found both',
  ],
  [
    'an instance name that is taken',
    'name: db-1',
    'name: api-1',
    'small.yaml:13:22  topology.services.db.instances[0]: the instance name "api-1" is taken by api',
  ],
  [
    'an instance named like another service',
    'name: db-1',
    'name: web',
    'small.yaml:13:22  topology.services.db.instances[0]: "web" is the name of a service',
  ],
  [
    'a service named like the load',
    '    db: {',
    '    load: {',
    'small.yaml:13:5  topology.services.load: "load" is the load generator; choose another name',
  ],
  [
    'a template of a link that is not there',
    '${link.api}',
    '${link.db}',
    'small.yaml:11:79  topology.services.web.env.API: web has no link to "db"; known: api, api-1, api-2',
  ],
  [
    'a fault type in accepts that does not exist',
    'accepts: [abort,',
    'accepts: [abrt,',
    'small.yaml:12:73  topology.services.api.accepts[0]: unknown fault "abrt"; did you mean "abort"?',
  ],
  [
    'protecting what is not there',
    'load:\n',
    '  protect: [dbb]\nload:\n',
    'small.yaml:17:12  topology.protect: unknown service or link "dbb"; did you mean "db"?',
  ],
  [
    'a fault on a protected service',
    'load:\n',
    '  protect: api\nload:\n',
    'small.yaml:36:15  method[0].fault.target: protected links cannot be faulted: web-1->api-2 (see topology.protect)',
  ],
  [
    'a fault on a protected link',
    'load:\n',
    '  protect: [web-1->api-2, db]\nload:\n',
    'small.yaml:36:15  method[0].fault.target: protected links cannot be faulted: web-1->api-2 (see topology.protect)',
  ],
  [
    'a load on an unknown service',
    'target: web\n',
    'target: wbe\n',
    'small.yaml:19:11  load.target: unknown service "wbe"; did you mean "web"?',
  ],
  [
    'a load on a service that does not speak http',
    'target: web\n',
    'target: db\n',
    'small.yaml:19:11  load.target: expected an http service, but db speaks tcp',
  ],
  [
    'a probe of an unknown service',
    '{from: load, to: web}',
    '{to: wbe}',
    'small.yaml:27:20  steadyState.probes[0].target.to: unknown service "wbe"; did you mean "web"?',
  ],
  [
    'a probe of load that goes elsewhere',
    '{from: load, to: web}',
    '{from: load, to: api}',
    'small.yaml:27:32  steadyState.probes[0].target.to: the load calls web, not api',
  ],
  [
    'a stop condition on an unknown probe',
    '{probe: answers',
    '{probe: answer',
    'small.yaml:30:13  stopConditions[0].probe: unknown probe "answer"; did you mean "answers"?',
  ],
  [
    'a stop condition on a probe that is not asked during the method',
    'mode: continuous',
    'mode: edge',
    'small.yaml:30:13  stopConditions[0].probe: expected a continuous probe, but "answers" is asked in mode edge only',
  ],
  [
    'a fault on an unknown service',
    'to: api/api-2',
    'to: apis',
    'small.yaml:35:31  method[0].fault.target.to: unknown service "apis"; did you mean "api"?',
  ],
  [
    'a fault on an unknown instance',
    'to: api/api-2',
    'to: api/api-9',
    'small.yaml:35:31  method[0].fault.target.to: api has no instance "api-9"; did you mean "api-1"?',
  ],
  [
    'an instance without its service',
    'to: api/api-2',
    'to: api-2',
    'small.yaml:35:31  method[0].fault.target.to: unknown service "api-2"; did you mean "api/api-2"?',
  ],
  [
    'a fault on the load’s own requests',
    '{from: web, to: api/api-2}',
    '{from: load, to: web}',
    'small.yaml:35:22  method[0].fault.target.from: unknown service "load": the load’s own requests do not cross a link',
  ],
  [
    'a fault where no link is',
    'from: web, to: api/api-2',
    'from: web, to: db',
    'small.yaml:35:15  method[0].fault.target: no link leads from web to db; there are: web -> api, api -> db',
  ],
  [
    'an http fault on a tcp link',
    'from: web, to: api/api-2',
    'from: api, to: db',
    'small.yaml:34:13  method[0].fault.type: abort needs links that carry http or http2, found api-1->db-1 (tcp), api-2->db-1 (tcp); set protocol on the callee',
  ],
  [
    'a release of what is not on yet',
    'startAfter: bad-api, wait: 2s}',
    'wait: 2s}\n  - {name: late, startAfter: rest, fault: {type: abort, target: {from: web, to: api}, duration: 9s}}\n  - {name: let-go, release: {step: late}}',
    'small.yaml:41:36  method[3].release.step: late has not begun when let-go is due: there is nothing to release',
  ],
  [
    'a release of what has ended',
    'startAfter: bad-api, wait: 2s',
    'startAfter: bad-api, release: {step: bad-api}',
    'small.yaml:39:55  method[1].release.step: bad-api has ended when rest is due: there is nothing to release',
  ],
  [
    'a release of a step that is no fault',
    'startAfter: bad-api, wait: 2s',
    'release: {step: bad-ap}',
    'small.yaml:39:34  method[1].release.step: unknown step "bad-ap"; did you mean "bad-api"?',
  ],
  [
    'match on a fault that sees no requests',
    'type: abort\n      target: {from: web, to: api/api-2}\n      percentage: "${inputs.share}"\n      value: {status: 500}',
    'type: blackhole\n      target: {from: api, to: db}\n      match: {path: /x}',
    'small.yaml:36:14  method[0].fault.match: blackhole acts on connections, whatever they carry',
  ],
  [
    'a status where there are only requests',
    'percentage: "${inputs.share}"',
    'match: {status: 5xx}',
    'small.yaml:36:14  method[0].fault.match: status: abort looks at requests here, which have no status yet; with `direction: down` it looks at responses',
  ],
  [
    'a fault that the service does not accept',
    'accepts: [abort,',
    'accepts: [delay,',
    'small.yaml:34:13  method[0].fault.type: api does not accept abort; it accepts: delay, partition',
  ],
  ['two steps of one name', '{name: rest', '{name: bad-api', 'small.yaml:39:12  method[1].name: two steps are named "bad-api"'],
  [
    'a step after an unknown one',
    'startAfter: bad-api',
    'startAfter: bad-apo',
    'small.yaml:39:30  method[1].startAfter: unknown step "bad-apo"; did you mean "bad-api"?',
  ],
  [
    'a step after itself',
    'startAfter: bad-api',
    'startAfter: rest',
    'small.yaml:39:30  method[1].startAfter: these steps wait for each other: rest -> rest',
  ],
  [
    'steps that wait for each other',
    '- name: bad-api\n',
    '- name: bad-api\n    startAfter: [rest]\n',
    'small.yaml:33:17  method[0].startAfter: these steps wait for each other: bad-api -> rest -> bad-api',
  ],
  [
    'a check of an unknown step',
    'during: bad-api',
    'during: bad-apis',
    'small.yaml:41:51  verify[0].outlierEjection.during: unknown step "bad-apis"; did you mean "bad-api"?',
  ],
  [
    'a check during a step without a fault',
    'during: bad-api',
    'during: rest',
    'small.yaml:41:51  verify[0].outlierEjection.during: expected a fault step, but "rest" injects nothing',
  ],
  [
    'a check of an unknown service',
    'to: api, during',
    'to: apu, during',
    'small.yaml:41:38  verify[0].outlierEjection.to: unknown service "apu"; did you mean "api"?',
  ],
  [
    'a check where no link is',
    'to: api, during',
    'to: db, during',
    'small.yaml:41:22  verify[0].outlierEjection: no link leads from web to db; there are: web -> api, api -> db',
  ],
  [
    'a check that expects an unknown instance',
    'expect: [api-2]',
    'expect: [api-3]',
    'small.yaml:41:69  verify[0].outlierEjection.expect[0]: api has no instance "api-3"; did you mean "api-1"?',
  ],
];

describe('a name that leads nowhere', () => {
  test.each(REFUSED)('%s: is refused with its place', (_about, from, to, said) => {
    expect(problemsOf(edited(SMALL, from, to))[0]).toBe(said);
  });

  test('two checks of one name are told apart', () => {
    const again = '  - outlierEjection: {from: web, to: api, during: bad-api, detectWithin: 2s}\n';
    expect(problemsOf(`${SMALL}${again}`)[0]).toBe(
      'small.yaml:42:5  verify[1]: two checks are named "outlierEjection"; give one a name of its own',
    );
    expect(planText(`${SMALL}${again.replace('outlier', 'name: another\n    outlier')}`).checks.map((check) => check.name)).toContain(
      'another',
    );
  });
});

describe('somebody outside, who only calls', () => {
  const outside = (links: string) => edited(edited(SMALL, '    db: {', '    us: {}\n    db: {'), '  links:\n', `  links:\n${links}`);

  test('needs neither argv nor an address when all that he calls is where he looks for it', () => {
    const plan = planText(outside('    - {from: us, to: db, listen: "127.0.0.1:15432"}\n'));
    expect(plan.links[0]).toMatchObject({ name: 'us-1->db-1', listen: '127.0.0.1:15432' });
    expect(plan.links[1]).not.toHaveProperty('listen');
  });

  test.each([
    ['calls nobody', ''],
    ['calls somebody on any free port', '    - {from: us, to: db}\n'],
    ['is called', '    - {from: us, to: db, listen: "127.0.0.1:15432"}\n    - {from: api, to: us}\n'],
  ])('is refused when he %s', (_what, links) => {
    expect(problemsOf(outside(links))[0]).toContain('topology.services.us: expected argv (to start it) or an address');
  });
});

describe('targets', () => {
  const wide = edited(SMALL, '{protocol: http, argv: [node, web.js', '{protocol: http, instances: [a, b], argv: [node, web.js');
  test.each([
    ['web', 'api', ['a->api-1', 'a->api-2', 'b->api-1', 'b->api-2']],
    ['web/*', 'api/*', ['a->api-1', 'a->api-2', 'b->api-1', 'b->api-2']],
    ['web/b', 'api', ['b->api-1', 'b->api-2']],
    ['web', 'api/api-1', ['a->api-1', 'b->api-1']],
    ['"*"', 'api/api-1', ['a->api-1', 'b->api-1']],
  ])('from %s to %s', (from, to, links) => {
    const [step] = planText(edited(wide, '{from: web, to: api/api-2}', `{from: ${from}, to: ${to}}`)).steps;
    expect(step?.fault?.links).toEqual(links);
  });

  test('a service that calls itself has links between its instances, none to itself', () => {
    const plan = planText(edited(SMALL, '{from: api, to: db}', '{from: api, to: api}'));
    expect(plan.links.map((link) => link.name)).toEqual(['web-1->api-1', 'web-1->api-2', 'api-1->api-2', 'api-2->api-1']);
  });
});

describe('a plan', () => {
  const plan = planText(SMALL);

  test('holds the fault as the daemon takes it: the value as written, the rest filled in', () => {
    expect(plan.steps[0]).toEqual({
      name: 'bad-api',
      startAfter: [],
      kind: 'fault',
      params: {},
      summary: 'abort 500, 30 % of requests',
      takesMs: 4_000,
      fault: {
        type: 'abort',
        performs: 'abort',
        links: ['web-1->api-2'],
        instances: ['api-2'],
        durationMs: 4_000,
        minMatched: 1,
        leaseMs: 10_000,
        turn: { phases: ['up'], order: 10 },
        summary: 'abort 500, 30 % of requests',
        spec: {
          type: 'abort',
          connections: 'all',
          percentage: 30,
          value: { status: 500 },
          lease: 10_000,
          duration: 4_000,
          seed: 7,
        },
      },
    });
  });

  test('records whether an HTTP fault acts on requests or on answers', () => {
    const phases = (text: string) => planText(text).recorded.steps[0]?.fault?.phases;
    expect(phases(SMALL)).toEqual(['up']);
    expect(phases(edited(SMALL, 'duration: 4s', 'duration: 4s\n      direction: down'))).toEqual(['down']);
  });

  test('turns a partition into the wire fault that performs it', () => {
    const text = edited(SMALL, 'type: abort', 'type: partition').replace('      percentage: "${inputs.share}"\n', '');
    const [step] = planText(edited(text, 'value: {status: 500}', 'unit: response')).steps;
    expect(step?.fault).toMatchObject({
      type: 'partition',
      performs: 'blackhole',
      summary: 'partition response',
      spec: { type: 'blackhole', direction: 'down', value: {} },
    });
  });

  test('promises by itself that each fault was felt and that the steady state held', () => {
    expect(plan.checks.map(({ name, check, params }) => [name, check, params])).toEqual([
      ['outlierEjection', 'outlierEjection', { from: 'web', to: 'api', during: 'bad-api', expect: ['api-2'], detectWithin: 2_000 }],
      ['bad-api-was-felt', 'faultWasFelt', { step: 'bad-api', minMatched: 1 }],
      ['steady-state', 'steadyState', {}],
    ]);
  });

  test('does not repeat a promise that is written out', () => {
    const checks = planText(`${SMALL}  - faultWasFelt: {step: bad-api, minMatched: 50}\n  - steadyState: {probes: [answers]}\n`).checks;
    expect(checks.map(({ name, params }) => [name, params])).toEqual([
      ['outlierEjection', expect.anything()],
      ['faultWasFelt', { step: 'bad-api', minMatched: 50 }],
      ['steadyState', { probes: ['answers'] }],
    ]);
  });

  test('protects every link of a protected service, and only those', () => {
    const { links } = planText(edited(SMALL, 'load:\n', '  protect: db\nload:\n'));
    expect(links.map((link) => [link.name, link.protected])).toEqual([
      ['web-1->api-1', false],
      ['web-1->api-2', false],
      ['api-1->db-1', true],
      ['api-2->db-1', true],
    ]);
  });

  test('leaves to the start of a service what is known only then', () => {
    expect(plan.services[0]).toMatchObject({ argv: ['node', 'web.js', 'fast'], env: { API: '${link.api}', PORT: '${self.port}' } });
  });

  test('knows which paths are health checks, so that they never count as demand', () => {
    expect(plan.recorded.services.map(({ name, probePaths }) => [name, probePaths])).toEqual([
      ['web', ['/up']],
      ['api', []],
      ['db', []],
    ]);
  });

  test('takes the caller’s seed before the file’s, and says which it took', () => {
    const loaded = loadExperiment({ text: SMALL, file: 'small.yaml', catalogs: stubCatalogs });
    expect(planExperiment({ ...loaded, catalogs: stubCatalogs }).recorded.seed).toBe(7);
    expect(planExperiment({ ...loaded, seed: 99, catalogs: stubCatalogs }).recorded.seed).toBe(99);
  });

  test('is the same for the same text and seed', () => {
    expect(planText(SMALL)).toEqual(plan);
  });

  test('of a thousand steps in a chain is made quickly', () => {
    const chain = Array.from({ length: 998 }, (_, i) => `  - {name: s${i}, startAfter: ${i === 0 ? 'rest' : `s${i - 1}`}, wait: 1s}`);
    const startMs = performance.now();
    expect(planText(edited(SMALL, 'verify:', `${chain.join('\n')}\nverify:`)).steps).toHaveLength(1_000);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});
