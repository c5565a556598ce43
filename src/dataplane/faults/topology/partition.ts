/**
 * A network that falls apart: one wire fault over all links between those who are apart. What a reader gets wrong: over TCP nothing gets through when
 * packets are lost one way, so what goes one way here is who may open connections, or requests, or responses, and never packets.
 */
import { z } from 'zod';
import { type Group, type Grudge, namedGroups, namedGrudge, PARTITION_SHAPES, type Split } from '../partition-shapes.js';
import { defineTopologyFault, type TopologyLink, type TopologyScene, type WireFault } from '../topology-fault.js';

const SHAPES = [...(Object.keys(PARTITION_SHAPES) as (keyof typeof PARTITION_SHAPES)[]), 'groups', 'grudge'] as const;
const names = () => z.array(z.string()).min(1).max(100);

const schema = z.strictObject({
  shape: z.enum(SHAPES).optional().meta({
    description:
      'with `among`: one, halves, majority, minorityThird (that side against the others), bridge, majoritiesRing, primaries (each alone), groups, grudge',
  }),
  groups: z.array(names()).min(1).max(100).optional().meta({ description: 'instances that stay together; those not named are one more' }),
  grudge: z.record(z.string(), names()).optional().meta({ description: 'receiver: [instances that it refuses], one way' }),
  clients: z.enum(['keep', 'cut']).default('keep').meta({
    description: 'callers and callees outside of the group: still reach those who are cut off, or are cut off from them too',
  }),
  unit: z.enum(['connection', 'request', 'response']).default('connection').meta({
    description: 'what does not get through: connections that those refused open, only what they send on them, or only what they answer',
  }),
  behavior: z.enum(['blackhole', 'reject', 'reset']).default('blackhole').meta({
    description: 'blackhole: nobody is told; reject: new connections are cut as they come; reset: all are cut with a RST',
  }),
  connections: z
    .enum(['all', 'new', 'existing'])
    .optional()
    .meta({ description: 'opened before or after the cut; all if omitted, new if they are rejected' }),
});
type Params = z.output<typeof schema>;

const DIRECTIONS = { connection: 'both', request: 'up', response: 'down' } as const;
const WIRE_FAULTS = { blackhole: 'blackhole', reject: 'refuse', reset: 'reset' } as const;

export const partition = defineTopologyFault({
  name: 'partition',
  summary: 'Cut links, or part a group of instances in one of the known shapes, both ways or one way, silently or with a RST.',
  schema,
  example: { shape: 'one', unit: 'connection', behavior: 'blackhole' },
  expand: (params, scene) => {
    const obstacle = rejectObstacle(params);
    if (obstacle !== undefined) return obstacle;
    const cut = scene.scope.kind === 'links' ? wholeLinks(params, scene.scope.links) : partedLinks(params, scene, scene.scope);
    return 'problem' in cut ? cut : { ...wireFaultOf(params), ...cut };
  },
});

type Cut = Pick<WireFault, 'links' | 'summary'> | { problem: string; key: string };

/** What is on its way already cannot be turned away at the door. */
function rejectObstacle({ behavior, unit, connections }: Params): { problem: string; key: string } | undefined {
  if (behavior !== 'reject') return undefined;
  const problem = 'only new connections can be rejected; reset cuts those that are open, and what they carry';
  if (unit !== 'connection') return { problem, key: 'unit' };
  return connections === undefined || connections === 'new' ? undefined : { problem, key: 'connections' };
}

function wireFaultOf({ behavior, unit, connections }: Params): Omit<WireFault, 'links'> {
  const direction = DIRECTIONS[unit];
  const type = WIRE_FAULTS[behavior];
  // A port that the kernel shuts is seen by nobody, so nobody could say that the partition was felt.
  if (behavior === 'reject') return { type, direction: 'up', connections: 'new', value: { at: 'connection' } };
  const value = behavior === 'reset' && unit !== 'connection' ? { trigger: 'data' } : {};
  return { type, direction, connections: connections ?? 'all', value };
}

function wholeLinks({ shape, groups, grudge, clients }: Params, links: readonly TopologyLink[]): Cut {
  const shaping = Object.entries({ shape, groups, grudge, clients: clients === 'cut' ? clients : undefined });
  const [key] = shaping.find(([, value]) => value !== undefined) ?? [];
  if (key !== undefined) return { problem: 'expected `among` in place of `target`: links have no shape', key };
  return { links: links.map((link) => link.name) };
}

function partedLinks(
  params: Params,
  { all, draw }: TopologyScene,
  group: { members: readonly string[]; selected: readonly string[] },
): Cut {
  const { clients, unit } = params;
  const shape = shapeOf(params);
  if (shape === undefined) return { problem: `expected one of ${SHAPES.join(', ')}`, key: 'shape' };
  const split = splitOf(shape, params, { ...group, draw });
  if (typeof split === 'string') return { problem: split, key: 'shape' };
  if (clients === 'cut' && split.off.length === 0) {
    return { problem: `${shape} leaves nobody cut off whose clients could be cut off too`, key: 'clients' };
  }
  const isOff = (name: string): boolean => clients === 'cut' && split.off.includes(name);
  const isOutside = (name: string): boolean => !group.members.includes(name);
  const cut = all.filter(
    (link) => isRefused(link, split.grudge, unit) || (isOff(link.from) && isOutside(link.to)) || (isOff(link.to) && isOutside(link.from)),
  );
  if (cut.length === 0)
    return { problem: 'expected links between those who are parted, found none; add some to topology.links', key: 'shape' };
  const outside = clients === 'cut' ? `, clients of ${split.off.join(' ')} too` : '';
  return { links: cut.map((link) => link.name), summary: `${shape}: ${split.words}${outside}` };
}

type ShapeName = (typeof SHAPES)[number];

/** Groups and grudges that are written need no other word. */
function shapeOf({ shape, groups, grudge }: Params): ShapeName | undefined {
  if (shape !== undefined || groups === undefined) return shape ?? (grudge && 'grudge');
  return 'groups';
}

function splitOf(shape: ShapeName, { groups, grudge }: Params, group: Group): Split | string {
  if (shape !== 'groups' && groups !== undefined) return `expected no groups with the shape ${shape}`;
  if (shape !== 'grudge' && grudge !== undefined) return `expected no grudge with the shape ${shape}`;
  if (shape === 'groups') return groups === undefined ? 'expected `groups` to say who stays together' : namedGroups(groups, group);
  if (shape === 'grudge') return grudge === undefined ? 'expected `grudge` to say who refuses whom' : namedGrudge(grudge, group);
  return PARTITION_SHAPES[shape](group);
}

/** Requests and connections come from the caller to a receiver that may refuse it; responses the other way. */
function isRefused({ from, to }: TopologyLink, grudge: Grudge, unit: Params['unit']): boolean {
  return (unit === 'response' ? grudge.get(from)?.has(to) : grudge.get(to)?.has(from)) ?? false;
}
