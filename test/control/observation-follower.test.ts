import { expect, it } from 'vitest';
import { ObservationFollower } from '../../src/control/observation-follower.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { VirtualClock } from '../support/clock.js';

const note = (text: string) => ({ kind: 'note', run: 'r', by: 'me', text, atMs: 1 }) as const;

it('tells every listener what the daemon saw since the follower was made, once, and how much was overwritten', () => {
  const daemon = new Daemon({ clock: new VirtualClock(), environment: 'test', observationsMax: 4 });
  daemon.observations.push(note('before'));
  const follower = new ObservationFollower(daemon);
  const heard: string[] = [];
  for (const name of ['first', 'second'])
    follower.listen({
      onObservation: (observation) => heard.push(`${name} ${observation.kind === 'note' ? observation.text : ''}`),
      onLost: (count) => heard.push(`${name} lost ${count}`),
    });
  daemon.observations.push(note('a'));
  follower.catchUp();
  follower.catchUp();
  expect(heard).toEqual(['first a', 'second a']);
  for (const text of ['b', 'c', 'd', 'e', 'f']) daemon.observations.push(note(text));
  follower.catchUp();
  expect(heard.slice(2, 7)).toEqual(['first lost 1', 'first c', 'first d', 'first e', 'first f']);
});

it('does not follow where nobody listens', async () => {
  const daemon = new Daemon({ clock: new VirtualClock(), environment: 'test' });
  await new ObservationFollower(daemon).follow(new AbortController().signal);
});
