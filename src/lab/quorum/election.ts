/** Who leads: terms in which each member has one vote. Pure. With pre-votes a member asks first, and raises its term only if it would be elected. */
import { isAsNew, termBefore } from './log.js';
import { CANDIDACY_MS, electionTime, follow, isLed, type Member, type Moment, neededOf, type Progress } from './member.js';
import type { Reply, VoteAsk } from './messages.js';

/** What it asks of all others, if anything. */
interface Candidacy {
  readonly member: Member;
  readonly ask?: VoteAsk;
}

/** It has heard of no leader for too long. */
export function stand(member: Member, nowMs: number, draw: number): Candidacy {
  return candidacy(member, { isTrial: member.rules.preVote }, { nowMs, draw });
}

function candidacy(member: Member, { isTrial }: { isTrial: boolean }, moment: Moment): Candidacy {
  const { name, log } = member;
  const term = member.term + 1;
  const standing: Member = {
    ...member,
    ...(!isTrial && { term, votedFor: name }),
    role: { kind: 'candidate', isTrial, term, votes: new Set([name]) },
    electionAtMs: moment.nowMs + CANDIDACY_MS * (1 + moment.draw),
  };
  const ask: VoteAsk = { kind: 'vote', isTrial, term, from: name, length: log.length, lastTerm: termBefore(log, log.length) };
  return hasEnough(standing) ? elected(standing, moment) : { member: standing, ask };
}

function hasEnough(member: Member): boolean {
  return member.role.kind === 'candidate' && member.role.votes.size >= neededOf(member);
}

/** After a trial the real votes are asked for. */
function elected(member: Member, moment: Moment): Candidacy {
  if (member.role.kind === 'candidate' && member.role.isTrial) return candidacy(member, { isTrial: false }, moment);
  const { nowMs } = moment;
  const unknown: Progress = { next: member.log.length, matched: 0, confirmedMs: Number.NEGATIVE_INFINITY, isAsked: false };
  const followers = new Map(member.peers.map((peer) => [peer, unknown] as const));
  const leader: Member = { ...member, role: { kind: 'leader', sinceMs: nowMs, beatAtMs: nowMs, followers } };
  const first = { term: leader.term, key: '', value: '' };
  return { member: { ...leader, log: [...leader.log, first] } };
}

/** Somebody asks for the vote. */
export function vote(member: Member, ask: VoteAsk, { nowMs, draw }: Moment): { member: Member; reply: Reply } {
  const refusal = { term: member.term, isGranted: false, length: member.log.length };
  const isNewEnough = isAsNew(member.log, ask);
  if (ask.isTrial) {
    return { member, reply: { ...refusal, isGranted: ask.term > member.term && isNewEnough && !isLed(member, nowMs) } };
  }
  if (ask.term < member.term || (member.rules.leaseCheck && isLed(member, nowMs))) return { member, reply: refusal };
  const open = ask.term > member.term ? follow(member, ask.term) : member;
  const isGranted = isNewEnough && (open.votedFor ?? ask.from) === ask.from;
  const next = isGranted ? { ...open, votedFor: ask.from, electionAtMs: electionTime(nowMs, draw) } : open;
  return { member: next, reply: { term: next.term, isGranted, length: next.log.length } };
}

/** The answer to a request for the vote. */
export function hearVote(member: Member, { from, ask, reply }: { from: string; ask: VoteAsk; reply: Reply }, moment: Moment): Candidacy {
  if (reply.term > member.term) return { member: follow(member, reply.term) };
  const { role } = member;
  const isOfNow = role.kind === 'candidate' && role.term === ask.term && role.isTrial === ask.isTrial;
  if (!isOfNow || !reply.isGranted) return { member };
  const counted: Member = { ...member, role: { ...role, votes: new Set([...role.votes, from]) } };
  return hasEnough(counted) ? elected(counted, moment) : { member: counted };
}
