import { expect, it } from 'vitest';
import { meets } from '../../../../../dashboards/live/src/views/play/meets.js';

const links = [
  { name: 'a->c', to: 'c', fromService: 'a' },
  { name: 'b->c', to: 'c', fromService: 'b' },
  { name: 'c->a', to: 'a', fromService: 'c' },
];

it('a fault of one click is on the process, or on the links that lead to it', () => {
  expect(meets({ isOnProcess: true }, { name: 'c', links })).toEqual(['c']);
  expect(meets({ isOnProcess: false }, { name: 'c', links })).toEqual(['a->c', 'b->c']);
  expect(meets({ isOnProcess: false, from: 'b' }, { name: 'c', links })).toEqual(['b->c']);
});
