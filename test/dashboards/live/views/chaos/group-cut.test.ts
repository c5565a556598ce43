import { expect, it } from 'vitest';
import type { TopologyLink } from '../../../../../dashboards/live/src/state/topology.js';
import { cutOff } from '../../../../../dashboards/live/src/views/chaos/group-cut.js';
import { previewWords } from '../../../../../dashboards/live/src/views/chaos/preview-words.js';

const link = (from: string, to: string, isLoad = false) => ({ name: `${from}->${to}`, from, to, isLoad }) as unknown as TopologyLink;

it('a group is cut off by the links between it and all others, and the load generator’s requests are none', () => {
  const links = [link('a', 'b'), link('b', 'a'), link('b', 'c'), link('load', 'a', true), link('c', 'd')];
  expect(cutOff(new Set(['a', 'c']), links)).toEqual(['a->b', 'b->a', 'b->c', 'c->d']);
  expect(cutOff(new Set(), links)).toEqual([]);
});

it('a group is cut off one way by what it asks of others, or by what others ask of it', () => {
  const links = [link('a', 'b'), link('b', 'a'), link('a', 'c'), link('b', 'c')];
  expect(cutOff(new Set(['a', 'c']), links, 'asking')).toEqual(['a->b']);
  expect(cutOff(new Set(['a', 'c']), links, 'asked')).toEqual(['b->a', 'b->c']);
});

it('a forecast says of whom it is, and what it could not look at', () => {
  const links = [{ link: 'p', requests: 120, matched: 60, hit: 24 }];
  expect(previewWords({ links, cannotTell: ['headers'], lookedBackMs: 10_000 })).toBe(
    'Of 120 requests of the last 10 s it would have met 60 (50 %) and hit about 24; what it asks of headers cannot be told beforehand.',
  );
  expect(previewWords({ links: [], cannotTell: [], lookedBackMs: 10_000 })).toContain('meet nobody now');
});
