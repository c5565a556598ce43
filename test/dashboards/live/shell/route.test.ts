import { describe, expect, it } from 'vitest';
import { readRoute, routeTo } from '../../../../dashboards/live/src/shell/route.js';

describe('an address of the page', () => {
  it('comes back as it was written, whatever is in the names', () => {
    const hostile = '../<script>alert(1)</script>?a=b#c/d %';
    const { view, path, options } = readRoute(routeTo('run', [hostile], { link: 'a->b', none: undefined }));
    expect([view, path, options.get('link'), options.has('none')]).toEqual(['run', [hostile], 'a->b', false]);
  });

  it.each(['', '#', '#/', '#//', '#/%', '#/%E0%A4%A/x', '#?a'])('never fails: %s', (hash) => {
    expect(typeof readRoute(hash).view).toBe('string');
  });
});
