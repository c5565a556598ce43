/** A network that falls apart: one wire fault over every link of the target. The links that lead the other way are targets of their own. */
import { z } from 'zod';
import { defineTopologyFault } from '../fault.js';

export const partition = defineTopologyFault({
  name: 'partition',
  summary: 'Cut the targeted links, both ways or one way, silently or with a RST.',
  schema: z.strictObject({
    ways: z
      .enum(['both', 'up', 'down'])
      .default('both')
      .meta({ description: 'what is cut: both ways, up (caller → callee) or down (callee → caller)' }),
    behavior: z
      .enum(['blackhole', 'reset'])
      .default('blackhole')
      .meta({ description: 'blackhole: nothing comes through and nobody is told; reset: connections are cut with a RST' }),
  }),
  example: { ways: 'up', behavior: 'blackhole' },
  expand: ({ ways, behavior }, { targeted }) => ({
    type: behavior,
    direction: ways,
    connections: 'all',
    value: {},
    links: targeted.map((link) => link.name),
  }),
});
