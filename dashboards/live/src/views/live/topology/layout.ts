/**
 * Where everything stands: services by dagre, the instances inside a service by a rule of our own, links as curves between instances. Peers that
 * call each other stand in a ring, all others in columns: a layered drawing of a full mesh is a tangle. Pure; computed once for a topology.
 */
import { Graph, layout as layOut } from '@dagrejs/dagre';
import type { Topology, TopologyLink } from '../../../state/topology.js';
import type { Curve, Point } from './curve.js';
import { type Box, curvesOf } from './routing.js';

export interface Layout {
  width: number;
  height: number;
  /** Frames around services, with their names where the names of the instances do not say it. */
  services: readonly (Box & { name: string; isTitled: boolean })[];
  instances: ReadonlyMap<string, Box>;
  links: ReadonlyMap<string, Curve>;
  /** Boxes hold one line, and edges no words: there are too many. */
  isDense: boolean;
}
export interface LayoutOptions {
  /** From top to bottom, for a narrow page. */
  isNarrow: boolean;
}

/** More instances or links than this are drawn small. */
const DENSE_INSTANCES = 24;
const DENSE_LINKS = 40;
const ROWS_MAX = 25;
const MARGIN = 10;
const PADDING = 9;
const TITLE = 18;

interface Sizes {
  width: number;
  height: number;
  gap: number;
}
const ROOMY: Sizes = { width: 138, height: 42, gap: 12 };
const NARROW: Sizes = { width: 112, height: 42, gap: 12 };
const DENSE: Sizes = { width: 112, height: 20, gap: 4 };

export function layoutOf({ services, instances, links }: Topology, { isNarrow }: LayoutOptions): Layout {
  const isDense = instances.size > DENSE_INSTANCES || links.length > DENSE_LINKS;
  const sizes = isDense ? DENSE : isNarrow ? NARROW : ROOMY;
  const meshed = new Set(
    links.filter(({ from, to, fromService, toService }) => fromService === toService && from !== to).map((l) => l.toService),
  );
  const blocks = services.map((service) => {
    const isTitled = service.instances.length > 1 || service.instances[0] !== service.name;
    const place = meshed.has(service.name) ? ring : columns;
    return { ...service, isTitled, ...place(service.instances, sizes, isTitled ? TITLE : 0) };
  });
  const placed = placeServices(blocks, links, { isNarrow, isDense });
  const boxes = new Map<string, Box>();
  for (const { name, x, y, inside } of placed.services) {
    for (const [instance, box] of inside) boxes.set(instance, { ...box, x: x + box.x, y: y + box.y });
    if (inside.size === 0) boxes.set(name, { x, y, ...sizes });
  }
  return { ...placed, instances: boxes, links: curvesOf(links, boxes, { isNarrow }), isDense };
}

interface Block {
  width: number;
  height: number;
  /** Relative to the block. */
  inside: ReadonlyMap<string, Box>;
}

function columns(names: readonly string[], { width, height, gap }: Sizes, titleHeight: number): Block {
  const across = Math.max(1, Math.ceil(names.length / ROWS_MAX));
  const rows = Math.ceil(names.length / across);
  const inside = names.map((name, i): [string, Box] => {
    const [column, row] = [Math.floor(i / rows), i % rows];
    return [name, { x: PADDING + column * (width + gap * 2), y: PADDING + titleHeight + row * (height + gap), width, height }];
  });
  return {
    width: 2 * PADDING + across * width + (across - 1) * gap * 2,
    height: 2 * PADDING + titleHeight + rows * height + Math.max(0, rows - 1) * gap,
    inside: new Map(inside),
  };
}

/** The first at the top, and on clockwise. Wide enough that neighbours do not touch, whichever way their boxes lie. */
function ring(names: readonly string[], { width, height, gap }: Sizes, titleHeight: number): Block {
  const turn = (2 * Math.PI) / Math.max(1, names.length);
  const across = Math.max(width * 1.2, ((width + gap) * names.length) / (2 * Math.PI) + gap * 2);
  const down = Math.max(height * 2, across * 0.8);
  const inside = names.map((name, i): [string, Box] => {
    const angle = i * turn - Math.PI / 2;
    return [name, { x: PADDING + across * (1 + Math.cos(angle)), y: PADDING + titleHeight + down * (1 + Math.sin(angle)), width, height }];
  });
  return { width: 2 * (PADDING + across) + width, height: 2 * (PADDING + down) + titleHeight + height, inside: new Map(inside) };
}

interface NamedBlock extends Block {
  name: string;
  isTitled: boolean;
}

function placeServices(
  blocks: readonly NamedBlock[],
  links: readonly TopologyLink[],
  { isNarrow, isDense }: LayoutOptions & { isDense: boolean },
) {
  const graph = new Graph();
  graph.setGraph({
    rankdir: isNarrow ? 'TB' : 'LR',
    nodesep: isDense ? 8 : 24,
    ranksep: isNarrow ? 56 : isDense ? 230 : 120,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, width, height } of blocks) graph.setNode(name, { width, height });
  for (const { fromService, toService } of links) if (fromService !== toService) graph.setEdge(fromService, toService);
  layOut(graph);
  const services = blocks.map((block) => {
    const { x = 0, y = 0 } = graph.node(block.name) as Partial<Point>;
    return { ...block, x: x - block.width / 2, y: y - block.height / 2 };
  });
  const size = (ends: readonly number[]): number => Math.max(0, ...ends) + MARGIN;
  return { services, width: size(services.map((s) => s.x + s.width)), height: size(services.map((s) => s.y + s.height)) };
}
