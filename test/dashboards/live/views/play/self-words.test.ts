import { expect, it } from 'vitest';
import { changesOf, selfWords } from '../../../../../dashboards/live/src/views/play/self-words.js';
import type { LiveEvent } from '../../../../../src/control/live/contract.js';

let n = 0;
const word = (instance: string, said: Readonly<Record<string, string>> | null) =>
  ({ n: ++n, atMs: n, type: 'selfWord', instance, said }) as LiveEvent;
const events = [
  word('q-1', { role: 'leader', term: '1' }),
  word('q-2', { role: 'follower', term: '1' }),
  word('q-1', null),
  word('q-2', { role: 'leader', term: '2' }),
];

it('what everybody says of himself is what he said last', () => {
  expect([...selfWords(events)]).toEqual([
    ['q-1', null],
    ['q-2', { role: 'leader', term: '2' }],
  ]);
});

it('changes are told with the newest first, and what somebody says for the first time is none', () => {
  expect(changesOf(events).map(({ text }) => text)).toEqual(['q-2: role leader, term 2', 'q-1 does not answer']);
});
