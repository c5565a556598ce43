import { describe, expect, it } from 'vitest';
import { expire, follows, hear, isDue, LEASE_MS, leads, newMember, renew, stand, vote, win } from '../../../src/lab/orders/election.js';

const NOW_MS = 10_000;
const member = newMember('ord-1', NOW_MS, 0);
const leader = () => {
  const standing = stand(member, NOW_MS, 0);
  return win(standing, standing.promised, NOW_MS);
};

describe('an election', () => {
  it('makes a leader whose lease runs from when the votes were asked', () => {
    expect(leader()).toMatchObject({ term: 1, role: { kind: 'leader', untilMs: NOW_MS + LEASE_MS } });
    expect(leads(leader(), NOW_MS + LEASE_MS - 1)).toBe(true);
    expect(leads(leader(), NOW_MS + LEASE_MS)).toBe(false);
  });

  it('ends with the lease unless a majority renews it', () => {
    const renewed = renew(leader(), 1, NOW_MS + 1_000);
    expect(expire(renewed, NOW_MS + LEASE_MS, 0)).toBe(renewed);
    expect(expire(renewed, NOW_MS + LEASE_MS + 1_000, 0).role).toEqual({ kind: 'follower' });
  });

  it('promises each term once', () => {
    const first = vote(member, 5, NOW_MS, 0);
    expect(first.granted).toBe(true);
    const laterMs = first.member.trustsUntilMs;
    expect(vote(first.member, 5, laterMs, 0).granted).toBe(false);
    expect(vote(first.member, 6, laterMs, 0).granted).toBe(true);
  });

  it('trusts whom it gave its vote to, for longer than his lease can last: votes for nobody else, and does not stand itself', () => {
    const { member: voter } = vote(member, 5, NOW_MS, 0);
    expect(vote(voter, 9, NOW_MS + LEASE_MS, 0)).toEqual({ member: voter, granted: false });
    expect(isDue(voter, NOW_MS + LEASE_MS)).toBe(false);
    expect(isDue(voter, voter.electionAtMs)).toBe(true);
    expect(voter.electionAtMs).toBeGreaterThanOrEqual(voter.trustsUntilMs);
  });

  it('votes as a leader only when its lease is over, and then leads no more, whoever answers an earlier word of it', () => {
    expect(vote(leader(), 9, NOW_MS + LEASE_MS - 1, 0).granted).toBe(false);
    const { member: voter, granted } = vote(leader(), 9, NOW_MS + LEASE_MS, 0);
    expect(granted).toBe(true);
    expect(leads(renew(voter, 1, NOW_MS + LEASE_MS - 100), NOW_MS + LEASE_MS)).toBe(false);
  });

  it('follows no leader of an older term than the one that it knows of', () => {
    const led = hear(member, { term: 3, from: 'ord-2' }, NOW_MS, 0);
    expect([2, 3, 4].map((term) => follows(led, term))).toEqual([false, true, true]);
    expect(hear(led, { term: 2, from: 'ord-3' }, NOW_MS, 0)).toBe(led);
  });

  it('votes for nobody while a leader is trusted, and for longer than a lease lasts', () => {
    const led = hear(member, { term: 3, from: 'ord-2' }, NOW_MS, 0);
    expect(vote(led, 9, NOW_MS + LEASE_MS, 0).granted).toBe(false);
    expect(led.trustsUntilMs).toBeGreaterThan(NOW_MS + LEASE_MS);
    expect(vote(led, 9, led.trustsUntilMs, 0).granted).toBe(true);
  });

  it('does not let whoever stood alone unseat a leader that works', () => {
    const lonely = [1, 2, 3].reduce((now) => stand(now, NOW_MS, 0.5), hear(member, { term: 3, from: 'ord-2' }, NOW_MS, 0));
    expect([lonely.term, lonely.promised]).toEqual([3, 6]);
    expect(hear(lonely, { term: 3, from: 'ord-2' }, NOW_MS, 0).role).toEqual({ kind: 'follower', leader: 'ord-2' });
  });

  it('is not won by votes of a term that was given up since, and old leaders are not listened to', () => {
    const twice = stand(stand(member, NOW_MS, 0), NOW_MS, 0);
    expect(win(twice, 1, NOW_MS)).toBe(twice);
    expect(hear(leader(), { term: 0, from: 'ord-9' }, NOW_MS, 0).role.kind).toBe('leader');
  });

  it('is due when nothing was heard for the time that the draw says', () => {
    const led = hear(member, { term: 3, from: 'ord-2' }, NOW_MS, 0.5);
    expect(isDue(led, led.electionAtMs - 1)).toBe(false);
    expect(isDue(led, led.electionAtMs)).toBe(true);
  });
});
