import { expect, it } from 'vitest';
import { checkPlay } from '../../../src/experiment/resolve/play.js';

it('a service that play names and nobody has is a problem where it stands', () => {
  const found: string[] = [];
  const play = {
    about: 'x',
    watch: [],
    tryThis: [],
    words: [{ service: 'quorun', path: '/role', show: ['role'] }],
    counts: [{ from: 'quorum', to: 'b' }],
  };
  checkPlay({ play, topology: { services: { quorum: {} } } } as never, (path, message) => found.push(`${path.join('.')}: ${message}`));
  expect(found).toEqual([
    'play.words.0.service: unknown service "quorun"; did you mean "quorum"?',
    'play.counts.0.to: unknown service "b"; known: quorum',
  ]);
});
