import { expect, test } from 'vitest';
import { partition } from '../../../../src/dataplane/faults/topology/partition.js';

const links = {
  targeted: [
    { name: 'gateway->inventory-1', from: 'gateway', to: 'inventory-1' },
    { name: 'gateway->inventory-2', from: 'gateway', to: 'inventory-2' },
  ],
  all: [
    { name: 'gateway->inventory-1', from: 'gateway', to: 'inventory-1' },
    { name: 'gateway->inventory-2', from: 'gateway', to: 'inventory-2' },
    { name: 'gateway->payments', from: 'gateway', to: 'payments' },
  ],
};

test('cuts the targeted links, and no others, both ways and silently, when nothing is said', () => {
  expect(partition.expand(partition.schema.parse({}), links)).toEqual({
    type: 'blackhole',
    direction: 'both',
    connections: 'all',
    value: {},
    links: ['gateway->inventory-1', 'gateway->inventory-2'],
  });
});

test('one way, with a RST, when that is said', () => {
  const fault = partition.expand(partition.schema.parse({ ways: 'up', behavior: 'reset' }), links);
  expect(fault).toMatchObject({ type: 'reset', direction: 'up' });
});

test('an unknown way is refused', () => {
  expect(partition.schema.safeParse({ ways: 'sideways' }).success).toBe(false);
});
