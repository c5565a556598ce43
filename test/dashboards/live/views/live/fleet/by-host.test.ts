import { expect, it } from 'vitest';
import { topologyOf } from '../../../../../../dashboards/live/src/state/topology.js';
import { byHost } from '../../../../../../dashboards/live/src/views/live/fleet/by-host.js';
import { layoutOf } from '../../../../../../dashboards/live/src/views/live/topology/layout.js';
import { emptyPlan } from '../../../state/snapshots.js';

const link = (from: string, to: string) => ({
  name: `${from}->${to}`,
  from,
  fromService: from,
  to,
  toService: to.slice(0, 4),
  protocol: 'http',
});
const plan = {
  ...emptyPlan,
  services: [
    { name: 'user', instances: ['user'] },
    { name: 'back', instances: ['back-1', 'back-2'] },
  ],
  links: [link('user', 'back-1'), link('user', 'back-2')],
} as unknown as typeof emptyPlan;

it('puts instances into frames of their hosts, leaves who is on none where it was, and can be laid out', () => {
  const topology = topologyOf(plan, []);
  const placed = byHost(
    topology,
    new Map([
      ['back-1', 'h1'],
      ['back-2', 'h2'],
    ]),
  );
  expect(placed.services).toEqual([
    { name: 'user', instances: ['user'] },
    { name: 'on h1', instances: ['back-1'] },
    { name: 'on h2', instances: ['back-2'] },
  ]);
  expect(placed.links.map(({ fromService, toService }) => `${fromService}>${toService}`)).toEqual(['user>on h1', 'user>on h2']);
  expect([...layoutOf(placed, { isNarrow: false }).instances.keys()].sort()).toEqual(['back-1', 'back-2', 'user']);
  expect(byHost(topology, new Map())).toEqual(topology);
});
