import { describe, expect, it } from 'vitest';
import { shapedCut, shapedCutSchema } from '../../src/control/shaped-cut.js';

const members = ['m-1', 'm-2', 'm-3', 'm-4', 'm-5'];
const links = members.flatMap((from) => members.filter((to) => to !== from).map((to) => ({ name: `${from}->${to}`, from, to })));
const cut = (given: object) => shapedCut(shapedCutSchema.parse({ among: members, links, ...given }));

describe('a partition by its shape, by hand', () => {
  it('says which links it would cut, with what, and who is on which side', () => {
    const one = cut({ shape: 'one', select: ['m-2'] });
    expect(one).toMatchObject({ type: 'blackhole', direction: 'both', connections: 'all', value: {} });
    expect(one.links.filter((link) => !link.includes('m-2'))).toEqual([]);
    expect(one.links).toHaveLength(8);
    expect(one.summary).toMatch(/^one: m-2 \| m-\d m-\d m-\d m-\d$/);
  });

  it('goes one way where only requests, or only answers, are cut', () => {
    expect(cut({ shape: 'halves', unit: 'request' })).toMatchObject({ direction: 'up' });
    expect(cut({ shape: 'halves', unit: 'response' })).toMatchObject({ direction: 'down' });
    expect(cut({ grudge: { 'm-1': ['m-2'] } }).links).toEqual(['m-2->m-1']);
  });

  it('is the same for the same seed, and another for some other', () => {
    const words = (seed: number) => cut({ shape: 'bridge', seed }).summary;
    expect(words(1)).toBe(words(1));
    expect(new Set([1, 2, 3, 4, 5, 6].map(words)).size).toBeGreaterThan(1);
  });

  it('is refused with its reason where the shape does not fit, or cuts nothing', () => {
    expect(() => cut({ shape: 'bridge', among: ['m-1', 'm-2'] })).toThrow('at least 3 instances');
    expect(() => cut({ shape: 'primaries' })).toThrow('who the primaries are');
    expect(() => cut({ shape: 'one', links: [] })).toThrow('found none');
    expect(() => cut({ shape: 'one', behavior: 'reject', unit: 'request' })).toThrow('only new connections');
    expect(() => shapedCutSchema.parse({ among: ['m-1'], links })).toThrow();
  });
});
