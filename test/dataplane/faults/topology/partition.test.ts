import { describe, expect, it } from 'vitest';
import { keyedDraw } from '../../../../src/core/random.js';
import { partition } from '../../../../src/dataplane/faults/topology/partition.js';
import type { TopologyLink, TopologyObstacle, TopologyScope, WireFault } from '../../../../src/dataplane/faults/topology-fault.js';

const NODES = ['n-1', 'n-2', 'n-3', 'n-4', 'n-5'];
const link = (from: string, to: string): TopologyLink => ({ name: `${from}->${to}`, from, to });
const PEERS = NODES.flatMap((from) => NODES.filter((to) => to !== from).map((to) => link(from, to)));
const CLIENTS = NODES.flatMap((node) => [link('api-1', node), link(node, 'store-1')]);
const ALL = [...PEERS, ...CLIENTS];
const draw = (name: string): number => keyedDraw({ seed: 1, faultId: 'test' })(name, 0);

function outcomeOf(params: object, scope: TopologyScope): WireFault | TopologyObstacle {
  return partition.expand(partition.schema.parse(params), { scope, all: ALL, draw });
}
function cutOf(params: object, selected: readonly string[] = []): WireFault {
  const outcome = outcomeOf(params, { kind: 'group', members: NODES, selected });
  if ('problem' in outcome) throw new Error(outcome.problem);
  return outcome;
}
const problemOf = (params: object, scope: TopologyScope = { kind: 'group', members: NODES, selected: [] }): unknown =>
  outcomeOf(params, scope);
const TARGETED: TopologyScope = { kind: 'links', links: [link('api-1', 'n-1'), link('api-1', 'n-2')] };

describe('a partition of links', () => {
  it('cuts those, and no others, both ways and silently, when nothing is said', () => {
    expect(outcomeOf({}, TARGETED)).toEqual({
      type: 'blackhole',
      direction: 'both',
      connections: 'all',
      value: {},
      links: ['api-1->n-1', 'api-1->n-2'],
    });
  });

  it.each([
    [{ unit: 'request' }, { type: 'blackhole', direction: 'up', value: {} }],
    [{ unit: 'response' }, { type: 'blackhole', direction: 'down', value: {} }],
    [{ behavior: 'reset' }, { type: 'reset', direction: 'both', value: {} }],
    [
      { behavior: 'reset', unit: 'response' },
      { type: 'reset', direction: 'down', value: { trigger: 'data' } },
    ],
    [{ behavior: 'reject' }, { type: 'refuse', direction: 'up', connections: 'new', value: { at: 'connection' } }],
    [{ connections: 'existing' }, { type: 'blackhole', connections: 'existing' }],
  ])('with %o is %o', (params, wire) => {
    expect(outcomeOf(params, TARGETED)).toMatchObject(wire);
  });

  it('has no shape, and leaves no clients to cut', () => {
    expect(problemOf({ shape: 'one' }, TARGETED)).toMatchObject({ key: 'shape' });
    expect(problemOf({ clients: 'cut' }, TARGETED)).toMatchObject({ key: 'clients' });
  });

  it('rejects only what comes anew', () => {
    expect(problemOf({ behavior: 'reject', unit: 'request' }, TARGETED)).toMatchObject({ key: 'unit' });
    expect(problemOf({ behavior: 'reject', connections: 'all' }, TARGETED)).toMatchObject({ key: 'connections' });
  });
});

describe('a partition of a group', () => {
  it('cuts the one that was selected off from the others, in both directions, and leaves its clients alone', () => {
    const { links, summary } = cutOf({ shape: 'one' }, ['n-3']);
    expect(links.toSorted()).toEqual(
      PEERS.filter(({ from, to }) => from === 'n-3' || to === 'n-3')
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(summary).toMatch(/^one: n-3 \| /);
  });

  it('cuts off its clients and callees too, where that is said', () => {
    const { links } = cutOf({ shape: 'one', clients: 'cut' }, ['n-3']);
    expect(links).toEqual(expect.arrayContaining(['api-1->n-3', 'n-3->store-1']));
    expect(links).not.toContain('api-1->n-1');
  });

  it('goes one way: who is refused may be called, and may not call', () => {
    expect(cutOf({ grudge: { 'n-5': ['n-4'] } }).links).toEqual(['n-4->n-5']);
    expect(cutOf({ grudge: { 'n-5': ['n-4'] }, unit: 'request' })).toMatchObject({ links: ['n-4->n-5'], direction: 'up' });
  });

  it('goes one way for answers: what is refused is what the other answers', () => {
    expect(cutOf({ grudge: { 'n-5': ['n-4'] }, unit: 'response' })).toMatchObject({ links: ['n-5->n-4'], direction: 'down' });
  });

  it('takes groups as they are written', () => {
    const { links } = cutOf({
      groups: [
        ['n-1', 'n-2'],
        ['n-3', 'n-4'],
      ],
    });
    expect(links).not.toContain('n-1->n-2');
    expect(links).toEqual(expect.arrayContaining(['n-1->n-3', 'n-3->n-1', 'n-5->n-1', 'n-5->n-3']));
  });

  it('takes every shape that there is', () => {
    for (const shape of ['one', 'halves', 'majority', 'minorityThird', 'bridge', 'majoritiesRing']) {
      expect(cutOf({ shape }).links.length, shape).toBeGreaterThan(0);
    }
    expect(cutOf({ shape: 'primaries' }, ['n-1', 'n-2']).links).toContain('n-1->n-2');
  });

  it.each([
    ['no shape', {}, 'shape'],
    ['groups that nobody wrote', { shape: 'groups' }, 'shape'],
    ['groups beside another shape', { shape: 'one', groups: [['n-1']] }, 'shape'],
    ['a grudge beside another shape', { shape: 'one', grudge: { 'n-1': ['n-2'] } }, 'shape'],
    ['clients to cut where nobody is cut off', { shape: 'bridge', clients: 'cut' }, 'clients'],
  ])('is refused with %s', (_what, params, key) => {
    expect(problemOf(params)).toMatchObject({ problem: expect.any(String), key });
  });

  it('is refused where the group does not call itself', () => {
    const scene = { scope: { kind: 'group', members: NODES, selected: [] } as const, all: CLIENTS, draw };
    expect(partition.expand(partition.schema.parse({ shape: 'one' }), scene)).toMatchObject({ key: 'shape' });
  });
});
