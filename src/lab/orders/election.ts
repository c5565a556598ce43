/**
 * Who leads: terms that are promised once, and leases that run out. Pure; time comes in as `nowMs`. What a reader gets wrong: a member that stands
 * for election raises only its promise, not its term, so whoever was cut off and comes back does not unseat a leader that works.
 */

/** Without word from a majority for so long a leader leads no more. Shorter than every election timeout, so that two never lead at once. */
export const LEASE_MS = 2_500;
/** Between two words of a member to the others. */
export const BEAT_MS = 400;
const ELECTION_MS_MIN = 4_000;
const ELECTION_MS_SPREAD = 1_500;

export type Role =
  | { readonly kind: 'follower'; readonly leader?: string }
  /** Leads until then, unless a majority follows its word before. */
  | { readonly kind: 'leader'; readonly untilMs: number };

export interface Member {
  readonly name: string;
  /** Of the leader that it knows of, or is. */
  readonly term: number;
  /** The highest term that it has given its vote in. */
  readonly promised: number;
  readonly role: Role;
  /** When it stands for election, if it hears of no leader before. */
  readonly electionAtMs: number;
  /** Until then it trusts the leader that it heard of, or whom it gave its vote to, and votes for nobody else, itself included. */
  readonly trustsUntilMs: number;
}

/** `draw`: in [0, 1), so that members do not stand all at once. */
export function newMember(name: string, nowMs: number, draw: number): Member {
  return {
    name,
    term: 0,
    promised: 0,
    role: { kind: 'follower' },
    electionAtMs: nowMs + ELECTION_MS_SPREAD * draw,
    trustsUntilMs: nowMs,
  };
}

/** Whether it follows a leader of that term; an older one than it knows of may have been replaced. */
export function follows(member: Member, term: number): boolean {
  return term >= member.term;
}

/** A leader's word. An older term than the known one is not listened to. */
export function hear(member: Member, { term, from }: { term: number; from: string }, nowMs: number, draw: number): Member {
  if (!follows(member, term)) return member;
  return { ...member, term, role: { kind: 'follower', leader: from }, ...trust(nowMs, draw) };
}

/**
 * Somebody asks for the vote in `term`. Each term is promised once, and none while a leader is trusted. Whom it is given to is trusted at once: the lease
 * runs from the question, and who asks next must not win as well before the winner's first word is heard.
 */
export function vote(member: Member, term: number, nowMs: number, draw: number): { member: Member; granted: boolean } {
  // A leader whose lease is over has to step down before it votes, or an answer on its way to it would renew the lease.
  const voter = expire(member, nowMs, draw);
  const isLed = leads(voter, nowMs) || nowMs < voter.trustsUntilMs;
  if (isLed || term <= voter.promised || term <= voter.term) return { member: voter, granted: false };
  return { member: { ...voter, promised: term, ...trust(nowMs, draw) }, granted: true };
}

/** It stands for election itself: the term that it asks for is `promised` of the result. */
export function stand(member: Member, nowMs: number, draw: number): Member {
  const promised = Math.max(member.promised, member.term) + 1;
  return { ...member, promised, role: { kind: 'follower' }, electionAtMs: electionTime(nowMs, draw) };
}

/** A majority has promised `term`; the lease runs from when it was asked. */
export function win(member: Member, term: number, askedMs: number): Member {
  if (term !== member.promised || term <= member.term) return member;
  return { ...member, term, role: { kind: 'leader', untilMs: askedMs + LEASE_MS } };
}

/** A majority follows the leader's word of `saidMs`. */
export function renew(member: Member, term: number, saidMs: number): Member {
  if (member.role.kind !== 'leader' || member.term !== term) return member;
  return { ...member, role: { kind: 'leader', untilMs: Math.max(member.role.untilMs, saidMs + LEASE_MS) } };
}

/** Steps down when the lease is over. */
export function expire(member: Member, nowMs: number, draw: number): Member {
  if (member.role.kind !== 'leader' || nowMs < member.role.untilMs) return member;
  return { ...member, role: { kind: 'follower' }, electionAtMs: electionTime(nowMs, draw), trustsUntilMs: nowMs };
}

export function leads({ role }: Member, nowMs: number): boolean {
  return role.kind === 'leader' && nowMs < role.untilMs;
}

export function isDue(member: Member, nowMs: number): boolean {
  return member.role.kind === 'follower' && nowMs >= member.electionAtMs;
}

/** Longer than a lease that was asked for before `nowMs` can last, and not longer than it waits before it stands itself. */
function trust(nowMs: number, draw: number): Pick<Member, 'electionAtMs' | 'trustsUntilMs'> {
  return { electionAtMs: electionTime(nowMs, draw), trustsUntilMs: nowMs + ELECTION_MS_MIN };
}

function electionTime(nowMs: number, draw: number): number {
  return nowMs + ELECTION_MS_MIN + ELECTION_MS_SPREAD * draw;
}
