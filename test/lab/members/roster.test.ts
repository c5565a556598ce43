import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/lab/members/claims.js';
import { createRoster } from '../../../src/lab/members/roster.js';
import { suspicionMs } from '../../../src/verify/detectors/suspicion-timer.js';

const others = ['m-2', 'm-3', 'm-4', 'm-5', 'm-6'];
const suspicion = { members: 6, probeInterval: 500, suspicionMult: 4, suspicionMaxTimeoutMult: 6 };
const newRoster = () => createRoster({ self: 'm-1', others, suspicion });
const said = (standing: Claim['standing'], about: string, incarnation: number, from: string): Claim => ({
  about,
  standing,
  incarnation,
  from,
});

describe('a roster', () => {
  it('gives a suspect the whole time to refute, and less the more others suspect it', () => {
    const roster = newRoster();
    roster.miss('m-2', 0);
    roster.expire(suspicionMs(suspicion, 0) - 1);
    expect(roster.named('suspect')).toEqual(['m-2']);
    roster.hear(said('suspect', 'm-2', 0, 'm-3'), 10);
    roster.hear(said('suspect', 'm-2', 0, 'm-3'), 20);
    roster.expire(suspicionMs(suspicion, 1) - 1);
    expect(roster.named('suspect')).toEqual(['m-2']);
    roster.expire(suspicionMs(suspicion, 1));
    expect(roster.named('dead')).toEqual(['m-2']);
  });

  it('clears nobody but by its own word, also of the dead', () => {
    const roster = newRoster();
    roster.miss('m-2', 0);
    roster.hear(said('alive', 'm-2', 0, 'm-3'), 1);
    expect(roster.standingOf('m-2')).toBe('suspect');
    roster.hear(said('alive', 'm-2', 1, 'm-2'), 2);
    expect(roster.standingOf('m-2')).toBe('alive');
    roster.hear(said('dead', 'm-2', 1, 'm-3'), 3);
    roster.hear(said('alive', 'm-2', 2, 'm-2'), 4);
    expect(roster.standingOf('m-2')).toBe('alive');
  });

  it('refutes what is said of itself once, under a higher incarnation, and repeats that to who has not heard it', () => {
    const roster = newRoster();
    expect(roster.hear(said('suspect', 'm-1', 0, 'm-3'), 0)).toBe(true);
    expect(roster.hear(said('suspect', 'm-1', 0, 'm-4'), 1)).toBe(false);
    expect(roster.incarnation()).toBe(1);
    const refutation = [said('alive', 'm-1', 1, 'm-1')];
    for (let told = 1; told <= 4; told++) expect(roster.gossip('m-2')).toEqual(refutation);
    expect(roster.gossip('m-2')).toEqual([]);
    roster.hear(said('suspect', 'm-1', 0, 'm-5'), 2);
    expect(roster.gossip('m-5')).toEqual(refutation);
  });

  it('without suspicion takes who does not answer for dead at once, and lets nobody take that back', () => {
    const roster = createRoster({ self: 'm-1', others });
    roster.miss('m-2', 0);
    expect(roster.named('dead')).toEqual(['m-2']);
    expect(roster.hear(said('dead', 'm-1', 0, 'm-3'), 0)).toBe(false);
    expect(roster.incarnation()).toBe(0);
  });

  it('tells each claim a few times, those told least first, and always tells a suspect that it is one', () => {
    const roster = newRoster();
    roster.miss('m-2', 0);
    const told = Array.from({ length: 10 }, () => roster.gossip('m-3').length);
    expect(told).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect(roster.gossip('m-2')).toEqual([said('suspect', 'm-2', 0, 'm-1')]);
    expect(roster.gossip('m-2')).toHaveLength(1);
  });

  it('knows nothing of strangers', () => {
    const roster = newRoster();
    roster.hear(said('dead', 'm-99', 5, 'm-2'), 0);
    expect([roster.standingOf('m-99'), roster.gossip('m-2')]).toEqual([undefined, []]);
  });
});
