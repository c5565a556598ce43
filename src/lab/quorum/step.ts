/**
 * One step of a member: time passes, somebody asks, or an answer comes; out come the next state and what it asks of others. Pure, so that
 * thousands of schedules can be tried in virtual time.
 */
import { hearVote, stand, vote } from './election.js';
import { BEAT_MS, confirmedMs, electionTime, follow, LEASE_MS, type Member, type Moment } from './member.js';
import type { Ask, Reply, VoteAsk } from './messages.js';
import { hearTaken, take, withEntry, words } from './replication.js';

export interface Step {
  readonly member: Member;
  readonly asks: readonly { to: string; ask: Ask }[];
}

/** To be called every few milliseconds. */
export function tick(member: Member, moment: Moment): Step {
  const now = expired(member, moment);
  const { role } = now;
  if (role.kind === 'leader') {
    if (moment.nowMs < role.beatAtMs) return { member: now, asks: [] };
    return words({ ...now, role: { ...role, beatAtMs: moment.nowMs + BEAT_MS } }, 'all');
  }
  return moment.nowMs < now.electionAtMs ? { member: now, asks: [] } : asked(stand(now, moment.nowMs, moment.draw), moment);
}

/** A leader that no majority has confirmed for a lease steps down. */
function expired(member: Member, { nowMs, draw }: Moment): Member {
  if (member.role.kind !== 'leader' || !member.rules.leaseCheck) return member;
  const sinceMs = Math.max(member.role.sinceMs, confirmedMs(member, nowMs));
  return nowMs < sinceMs + LEASE_MS ? member : { ...follow(member, member.term), electionAtMs: electionTime(nowMs, draw) };
}

/** Somebody else asks. */
export function answer(member: Member, ask: Ask, moment: Moment): { member: Member; reply: Reply } {
  return ask.kind === 'vote' ? vote(member, ask, moment) : take(member, ask, moment.nowMs, moment.draw);
}

/** What became of a question: an answer, or none in time. */
export function hear(member: Member, heard: { from: string; ask: Ask; askedMs: number; reply: Reply | undefined }, moment: Moment): Step {
  const { ask, reply } = heard;
  if (ask.kind === 'vote')
    return reply === undefined ? { member, asks: [] } : asked(hearVote(member, { ...heard, ask, reply }, moment), moment);
  const next = hearTaken(member, { ...heard, ask });
  // Who did not answer is asked again with the next beat, and not at once: that may have been a refusal that took no time.
  return reply === undefined ? { member: next, asks: [] } : words(next, 'lacking');
}

/** A write, if it may take it. It is done when it is among what is decided. */
export function write(member: Member, entry: { key: string; value: string }, moment: Moment): Step | undefined {
  const next = withEntry(member, entry, moment.nowMs);
  return next === undefined ? undefined : words(next, 'lacking');
}

/** A candidate asks everybody; who was elected says so at once. */
function asked({ member, ask }: { member: Member; ask?: VoteAsk }, moment: Moment): Step {
  if (ask !== undefined) return { member, asks: member.peers.map((to) => ({ to, ask })) };
  return member.role.kind === 'leader' ? tick(member, moment) : { member, asks: [] };
}
