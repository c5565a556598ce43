/**
 * The end of a run: what hosts have observed and not sent yet is waited for, and what never came is told. What a reader gets wrong: a host whose lease has run out may be
 * cut off, and come back with all that it kept; only one whose process is gone is not worth waiting for.
 */
import { type Clock, sleep } from '../../core/clock.js';
import type { NewEvent } from '../../journal/events.js';
import { dial } from '../services/dial.js';
import type { ObservationIntake } from './observation-intake.js';
import type { Member, Roster } from './roster.js';

const LOOK_EVERY_MS = 100;
/** For what a dead agent had put where others fetch it. */
const GRACE_MS = 2_000;
const DIAL_WITHIN_MS = 500;
const DIAL_EVERY_MS = 2_000;

export interface LastPorts {
  clock: Clock;
  roster: Pick<Roster, 'members'>;
  intake: Pick<ObservationIntake, 'streams'>;
  /** For each agent, from now on; from when it was lost, where its lease has run out. */
  withinMs: number;
  /** Whether its host answers that nothing listens there any more where its process did. */
  isRefused(member: Member): Promise<boolean>;
}

/** Waits until all is here that may still come. Returns those of whom something is missing. */
export async function lastObservations({ clock, roster, intake, withinMs, isRefused: refused }: LastPorts): Promise<readonly Member[]> {
  const fromMs = clock.nowMs();
  const giveUpMs = ({ process, lost }: Member): number => {
    if (process === 'dead') return fromMs + GRACE_MS;
    return process === 'away' ? Math.max(fromMs + GRACE_MS, (lost?.atMs ?? fromMs) + withinMs) : fromMs + withinMs;
  };
  for (let dialedMs = Number.NEGATIVE_INFINITY; ; await sleep(clock, LOOK_EVERY_MS)) {
    const ended = new Set(intake.streams().flatMap(({ agent, hasEnded }) => (hasEnded ? [agent] : [])));
    const missing = roster.members.filter(({ name }) => !ended.has(name));
    if (clock.nowMs() - dialedMs >= DIAL_EVERY_MS) {
      dialedMs = clock.nowMs();
      await Promise.all(
        missing.map(async (member) => {
          if (member.process === 'away' && (await refused(member))) member.process = 'dead';
        }),
      );
    }
    if (!missing.some((member) => clock.nowMs() < giveUpMs(member))) return missing;
  }
}

/** Its links listened in the process of the agent itself: where a host says that nobody is there, that one is gone. */
export async function isRefused({ applied }: Pick<Member, 'applied'>): Promise<boolean> {
  const [address] = Object.values(applied?.listens ?? {});
  if (address === undefined) return false;
  return (await dial(address, { signal: AbortSignal.timeout(DIAL_WITHIN_MS) }))?.includes('ECONNREFUSED') === true;
}

/** What is not known, for the journal. */
export function missingOf({ name, lost, process }: Member, intake: Pick<ObservationIntake, 'streams'>): string {
  const heardMs = Math.max(0, ...intake.streams().flatMap((stream) => (stream.agent === name ? [stream.heardMs] : [])));
  const fate = { alive: '', away: ', which has not come back', dead: ', which is gone for good' }[process];
  const what = heardMs === 0 ? 'nothing of what it observed is known' : 'what it observed since it last sent something is not known';
  if (lost === undefined || heardMs === 0) return `not all that was observed has come from ${name}${fate}: ${what}`;
  const beforeMs = lost.atMs - heardMs;
  const when = beforeMs >= 0 ? `${(beforeMs / 1_000).toFixed(1)} s before it was lost` : 'after it was lost';
  return `not all that was observed has come from ${name}${fate}: ${what}, and that was ${when}`;
}

/** How well the times are known that each host has noted: what hangs on more is open. */
export function noteClocks(given: { roster: Roster; carriers: ReadonlyMap<string, string>; note(event: NewEvent): void }): void {
  const { roster, carriers, note } = given;
  for (const { name, hasOurClock } of roster.members) {
    if (hasOurClock) continue;
    const links = [...carriers].flatMap(([link, agent]) => (agent === name ? [link] : []));
    const { offsetMs = null, boundMs = null } = roster.offsetOf(name) ?? {};
    note({ type: 'clockCompared', agent: name, links, offsetMs, boundMs });
  }
}
