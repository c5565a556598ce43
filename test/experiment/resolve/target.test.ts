/** Whom a fault means: by name, label, share, count or role, on either side of a link; or a group that falls apart. */
import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../../src/experiment/catalogs.js';
import { describePlan } from '../../../src/experiment/describe.js';
import type { Plan, PlannedFault } from '../../../src/experiment/plan.js';
import { edited, planText as planTextOf, problemsOf as problemsIn } from '../../support/experiment.js';

const planText = (text: string): Plan => planTextOf(text, {}, shippedCatalogs);
const problemsOf = (text: string): readonly string[] => problemsIn(text, {}, shippedCatalogs);

const CLUSTER = `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: cluster}
seed: 7
topology:
  services:
    web: {protocol: http, instances: 2, argv: [node, web.js]}
    api:
      protocol: http
      labels: {version: v1}
      instances:
        - {name: api-1, labels: {zone: a}}
        - {name: api-2, labels: {zone: a}}
        - {name: api-3, labels: {zone: b}}
        - {name: api-4, labels: {zone: b, version: v2}}
        - {name: api-5, labels: {zone: c}}
      argv: [node, api.js]
  links:
    - {from: web, to: api}
    - {from: api, to: api}
  roles:
    leader: {service: api, probe: {type: http, path: /role, jsonpath: "$.role", expect: leader}}
method:
  - name: bad
    fault: {type: delay, target: {from: web, to: api}, value: {delay: 1s}, duration: 4s}
`;
const TARGET = 'target: {from: web, to: api}';
const faultOf = (text: string): PlannedFault => {
  const { fault } = planText(text).steps[0] ?? {};
  if (fault === undefined) throw new Error('the first step has no fault');
  return fault;
};
const targeting = (target: string, seed = 7): string => edited(edited(CLUSTER, TARGET, target), 'seed: 7', `seed: ${seed}`);
const calleesOf = (target: string, seed?: number): readonly string[] => faultOf(targeting(target, seed)).instances;
const saidOf = (target: string): string | undefined => problemsOf(targeting(target))[0]?.replace(/^[^ ]+ +/, '');
const parted = (rest: string): string => edited(CLUSTER, `delay, ${TARGET}, value: {delay: 1s}`, `partition, ${rest}`);

describe('a target', () => {
  it.each([
    ['a list of names', 'to: [api/api-1, api/api-5]', ['api-1', 'api-5']],
    ['a label', 'to: {service: api, labels: {zone: a}}', ['api-1', 'api-2']],
    ['a label alone', 'to: {labels: {zone: c}}', ['api-5']],
    ['several labels, its own before those of the service', 'to: {labels: {zone: b, version: v1}}', ['api-3']],
  ])('takes %s', (_what, to, instances) => {
    expect(calleesOf(`target: {from: web, ${to}}`)).toEqual(instances);
  });

  it('chooses on the caller’s side as well', () => {
    expect(faultOf(targeting('target: {from: web/web-2, to: api/api-1}')).links).toEqual(['web-2->api-1']);
    expect(faultOf(targeting('target: {from: {labels: {zone: c}}, to: api/api-1}')).links).toEqual(['api-5->api-1']);
  });

  it('draws so many, or such a share, by the seed: the same for the same, and any in the long run', () => {
    const two = 'target: {from: web, to: {service: api, count: 2}}';
    expect(calleesOf(two)).toHaveLength(2);
    expect(calleesOf(two)).toEqual(calleesOf(two));
    const drawn = new Set(Array.from({ length: 30 }, (_, seed) => calleesOf(two, seed)).flat());
    expect(drawn.size).toBe(5);
  });

  it('has a smaller share among those of a larger', () => {
    const share = (percentage: number): readonly string[] =>
      calleesOf(`target: {from: web, to: {service: api, percentage: ${percentage}}}`);
    expect([share(1).length, share(40).length, share(41).length, share(100).length]).toEqual([1, 2, 3, 5]);
    expect(share(60)).toEqual(expect.arrayContaining([...share(20)]));
  });

  it('says which way by what travels there, and beside the fault or inside the target', () => {
    const inside = faultOf(targeting('target: {from: web, to: api, direction: response, connections: new}'));
    expect(inside.spec).toMatchObject({ direction: 'down', connections: 'new' });
    expect(faultOf(targeting(`${TARGET}, direction: request`)).spec.direction).toBe('up');
    expect(saidOf('direction: up, target: {from: web, to: api, direction: up}')).toContain('expected direction once');
  });

  it('is told in the plan, with who was chosen and why', () => {
    const plan = describePlan(planText(targeting('target: {from: web, to: {labels: {zone: a}, count: 1}}')));
    expect(plan).toMatch(/chosen: to: api-[12]: 1 of 2 \(1 of with zone a\), drawn by the seed/);
  });

  it.each([
    ['nobody', 'target: {from: web, to: {service: api, labels: {zone: d}}}', 'nobody fits: api with zone d; there are: api-1 (zone a)'],
    ['more than there are', 'target: {from: web, to: {service: api, count: 6}}', 'expected 6 instances, found api-1, api-2'],
    ['a share of nothing', 'target: {from: web, to: {service: api, percentage: 0}}', 'expected a share of somebody'],
    ['a share and a count', 'target: {from: web, to: {service: api, count: 1, percentage: 5}}', 'expected count or percentage, found both'],
    ['an unknown role', 'target: {from: web, to: {role: leadr}}', 'unknown role "leadr"; did you mean "leader"?'],
    ['nothing at all', 'minMatched: 1', 'target'],
    ['a group for a fault on links', `among: api, ${TARGET}`, 'fault.among: unknown key'],
    ['a slip of a key', 'target: {from: web, to: {servce: api}}', 'did you mean "service"?'],
    ['something live that cannot change', `resolve: live, ${TARGET}`, 'expected a role to ask for'],
  ])('that means %s is refused', (_what, target, said) => {
    expect(saidOf(target)).toContain(said);
  });
});

describe('a role', () => {
  it('leaves open who is meant: the plan is on every link that it may come to, and says so', () => {
    const text = targeting('target: {from: web, to: {role: leader}}');
    expect(faultOf(text)).toMatchObject({
      instances: ['api-1', 'api-2', 'api-3', 'api-4', 'api-5'],
      open: { roles: ['leader'], resolve: 'start' },
    });
    expect(describePlan(planText(text))).toContain('chosen: to: whoever turns out to be leader of api-1, api-2');
  });

  it('is of a service that there is, asked in a way that it understands', () => {
    expect(problemsOf(edited(CLUSTER, 'service: api, probe', 'service: apy, probe'))[0]).toContain('unknown service "apy"');
    expect(problemsOf(edited(CLUSTER, '    api:\n      protocol: http', '    api:\n      protocol: tcp')).join()).toContain(
      'http cannot ask it',
    );
  });
});

describe('a group that falls apart', () => {
  it('is cut along the shape, those selected first', () => {
    const { links, chosen, performs } = faultOf(parted('among: api, shape: one, select: api/api-2'));
    expect(links).toHaveLength(8);
    expect(links.every((link) => link.includes('api-2'))).toBe(true);
    expect([performs, chosen?.[0]]).toEqual(['blackhole', expect.stringContaining('one: api-2 | ')]);
  });

  it('is on every link that it may come to while nobody knows who is selected', () => {
    const { links, open } = faultOf(parted('among: api, shape: one, select: {role: leader}'));
    expect([links.length, open?.roles]).toEqual([20, ['leader']]);
  });

  it.each([
    ['an unknown service', 'among: apy, shape: one', 'unknown service "apy"'],
    ['somebody else’s instances', 'among: api, shape: one, select: web', 'expected instances of api, found web-1, web-2'],
    ['a target as well', `among: api, shape: one, ${TARGET}`, 'found both'],
    ['no target either', 'shape: one', 'found neither'],
    ['an impossible shape', 'among: web, shape: minorityThird', 'expected at least 4 instances to part, found 2'],
  ])('is refused with %s', (_what, rest, said) => {
    expect(problemsOf(parted(rest))[0]).toContain(said);
  });
});
