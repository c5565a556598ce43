/** How a leader brings the others to have its log, and what a member does with a leader's word. Pure. */
import { type Entry, merged, termBefore } from './log.js';
import { ELECTION_MS_MIN, electionTime, follow, LOG_ENTRIES_MAX, leads, type Member, neededOf, type Progress } from './member.js';
import { type AppendAsk, ENTRIES_MAX, type Reply } from './messages.js';

/** Somebody's log with one more entry of its own term; undefined where it may not take any. */
export function withEntry(member: Member, entry: Omit<Entry, 'term'>, nowMs: number): Member | undefined {
  if (!leads(member, nowMs) || member.log.length >= LOG_ENTRIES_MAX) return undefined;
  return decided({ ...member, log: [...member.log, { term: member.term, ...entry }] });
}

/** The leader's words to those who owe it no answer: to all of them, or only to those who lack entries. */
export function words(member: Member, whom: 'all' | 'lacking'): { member: Member; asks: readonly { to: string; ask: AppendAsk }[] } {
  const { role, log } = member;
  if (role.kind !== 'leader') return { member, asks: [] };
  const due = [...role.followers].filter(([, { isAsked, next }]) => !isAsked && (whom === 'all' || next < log.length));
  const followers = new Map(role.followers);
  for (const [name, progress] of due) followers.set(name, { ...progress, isAsked: true });
  return { member: { ...member, role: { ...role, followers } }, asks: due.map(([to, { next }]) => ({ to, ask: wordFrom(member, next) })) };
}

function wordFrom({ name, term, log, committed }: Member, before: number): AppendAsk {
  const entries = log.slice(before, before + ENTRIES_MAX);
  return { kind: 'append', term, from: name, before, beforeTerm: termBefore(log, before), entries, committed };
}

/** A leader's word: taken, refused because it is of an older term, or not understood because entries before it are lacking. */
export function take(member: Member, ask: AppendAsk, nowMs: number, draw: number): { member: Member; reply: Reply } {
  const { log, term } = member;
  if (ask.term < term && member.rules.fencing) return { member, reply: { term, isGranted: false, length: log.length } };
  // Without majorities two can be elected in one term; then the first by name is believed, by the other one too.
  if (ask.term === term && member.role.kind === 'leader' && member.name < ask.from)
    return { member, reply: { term, isGranted: false, length: log.length } };
  const led: Member = {
    ...follow(member, ask.term, ask.from),
    electionAtMs: electionTime(nowMs, draw),
    trustsUntilMs: nowMs + ELECTION_MS_MIN,
  };
  if (log.length < ask.before || termBefore(log, ask.before) !== ask.beforeTerm)
    return { member: led, reply: { term: led.term, isGranted: false, length: Math.min(log.length, Math.max(0, ask.before - 1)) } };
  const next = merged(log, ask.before, ask.entries);
  const known = Math.max(led.committed, Math.min(ask.committed, ask.before + ask.entries.length));
  // What was decided is never cut off, unless terms are not looked at.
  return {
    member: { ...led, log: next, committed: Math.min(known, next.length) },
    reply: { term: led.term, isGranted: true, length: next.length },
  };
}

/** An answer to a word, or none in time. */
export function hearTaken(member: Member, heard: { from: string; ask: AppendAsk; askedMs: number; reply: Reply | undefined }): Member {
  const { from, ask, askedMs, reply } = heard;
  const { role } = member;
  if (reply !== undefined && reply.term > member.term && member.rules.fencing) return follow(member, reply.term);
  const progress = role.kind === 'leader' && ask.term === member.term ? role.followers.get(from) : undefined;
  if (role.kind !== 'leader' || progress === undefined) return member;
  const followers = new Map(role.followers).set(from, progressed(progress, { ask, askedMs, reply }));
  return decided({ ...member, role: { ...role, followers } });
}

function progressed(progress: Progress, { ask, askedMs, reply }: { ask: AppendAsk; askedMs: number; reply: Reply | undefined }): Progress {
  if (reply === undefined) return { ...progress, isAsked: false };
  const confirmed = { confirmedMs: Math.max(progress.confirmedMs, askedMs), isAsked: false };
  if (!reply.isGranted) return { ...progress, ...confirmed, next: Math.min(reply.length, ask.before) };
  const matched = Math.max(progress.matched, ask.before + ask.entries.length);
  return { next: matched, matched, ...confirmed };
}

/** Decided is what enough have, once an entry of the leader's own term is among it: older ones could still be cut off by somebody else. */
function decided(member: Member): Member {
  const { role, log, committed, term } = member;
  if (role.kind !== 'leader') return member;
  const mostFirst = [log.length, ...[...role.followers.values()].map(({ matched }) => matched)].sort((a, b) => b - a);
  const shared = mostFirst[neededOf(member) - 1] ?? 0;
  return shared > committed && termBefore(log, shared) === term ? { ...member, committed: shared } : member;
}
