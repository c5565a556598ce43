import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../../../../dashboards/live/src/state/topology.js';
import { layoutOf } from '../../../../../../dashboards/live/src/views/live/topology/layout.js';
import type { Box } from '../../../../../../dashboards/live/src/views/live/topology/routing.js';

function topologyWith(names: readonly string[]) {
  return topologyOf(
    null,
    names.map((name) => ({ name, protocol: 'http', listen: '', upstream: 'u', enabled: true, protected: false, tls: [] })),
  );
}

function overlaps(boxes: readonly Box[]): number {
  const touch = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => touch(a, b))).length;
}

const star = topologyWith([1, 2, 3, 4, 5].map((i) => `gateway-1->inventory-${i}`));
const peers = [1, 2, 3, 4, 5].map((i) => `node-${i}`);
const mesh = topologyWith(peers.flatMap((a) => peers.filter((b) => b !== a).map((b) => `${a}->${b}`)));
const large = topologyWith(Array.from({ length: 100 }, (_, i) => `gateway-${i % 4}->backend-${Math.floor(i / 4)}`));
const hundred = topologyWith(Array.from({ length: 100 }, (_, i) => `proxy${i}`));

describe('the layout of a topology', () => {
  it.each([
    ['a caller with five callees', star],
    ['five peers', mesh],
    ['a hundred links', large],
    ['a hundred proxies of nobody in particular', hundred],
  ])('draws %s with no box on another, all of it inside', (_what, topology) => {
    for (const isNarrow of [false, true]) {
      const { instances, links, width, height } = layoutOf(topology, { isNarrow });
      expect(instances.size).toBe(topology.instances.size);
      expect(links.size).toBe(topology.links.length);
      expect(overlaps([...instances.values()])).toBe(0);
      for (const box of instances.values())
        expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
      for (const curve of links.values()) for (const { x, y } of curve) expect(Number.isFinite(x + y)).toBe(true);
    }
  });

  it('runs from left to right, and on a narrow page from top to bottom', () => {
    const place = (isNarrow: boolean) => ['gateway-1', 'inventory-1'].map((name) => layoutOf(star, { isNarrow }).instances.get(name));
    const [[from, to], [above, below]] = [place(false), place(true)];
    expect((from?.x ?? 0) < (to?.x ?? 0)).toBe(true);
    expect((above?.y ?? 0) < (below?.y ?? 0)).toBe(true);
  });

  it('draws a caller of itself, a ring of services, and nothing at all', () => {
    expect(layoutOf(topologyWith(['a-1->a-1']), { isNarrow: false }).links.size).toBe(1);
    expect(layoutOf(topologyWith(['a->b', 'b->c', 'c->a']), { isNarrow: false }).links.size).toBe(3);
    expect(layoutOf(topologyWith([]), { isNarrow: false }).instances.size).toBe(0);
  });
});
