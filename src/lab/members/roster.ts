/**
 * What one member holds of all others: who is alive, who is under suspicion and since when, who is dead, and which claims are still to be passed on. Pure; time
 * comes in as `nowMs`. What a reader gets wrong: an answered probe clears nobody. A suspect is cleared by its own word alone, or a slow observer could
 * not be told from a slow member.
 */
import { type Membership, suspicionMs } from '../../verify/detectors/suspicion-timer.js';
import { CLAIMS_MAX, type Claim, type Known, type Standing, supersedes } from './claims.js';
import { createRumours } from './rumours.js';

export interface RosterOptions {
  readonly self: string;
  /** Without itself. */
  readonly others: readonly string[];
  /** How long a suspect has to refute. Left out: who does not answer is dead, and stays so. */
  readonly suspicion?: Membership;
}

export interface Roster {
  /** What somebody said. True: it was said of this member itself, which had to refute it. */
  hear(claim: Claim, nowMs: number): boolean;
  /** A probe of it failed, whichever way it was tried. */
  miss(name: string, nowMs: number): void;
  /** Suspects whose time is over are dead from then on. */
  expire(nowMs: number): void;
  /** To pass on with a message to `to`: what that one is said to be, if not alive, and then what was told least often. Counts as told. */
  gossip(to: string): readonly Claim[];
  standingOf(name: string): Standing | undefined;
  /** In order of their names. */
  named(standing: Standing): readonly string[];
  /** Its own. */
  incarnation(): number;
}

interface Entry {
  readonly known: Known;
  readonly sinceMs: number;
  /** Who suspects it. */
  readonly by: ReadonlySet<string>;
}

export function createRoster({ self, others, suspicion }: RosterOptions): Roster {
  const entries = new Map<string, Entry>(
    others.map((name) => [name, { known: { standing: 'alive', incarnation: 0 }, sinceMs: 0, by: new Set() }]),
  );
  const rumours = createRumours(others.length + 1);
  let ownIncarnation = 0;

  /** Who still says it has not heard the answer, which may have been lost: it is told anew. */
  function refute({ standing, incarnation }: Claim): boolean {
    if (standing === 'alive' || (standing === 'dead' && suspicion === undefined)) return false;
    const isNew = incarnation >= ownIncarnation;
    if (isNew) ownIncarnation = incarnation + 1;
    rumours.add({ about: self, standing: 'alive', incarnation: ownIncarnation, from: self });
    return isNew;
  }

  function hear(claim: Claim, nowMs: number): boolean {
    if (claim.about === self) return refute(claim);
    const entry = entries.get(claim.about);
    if (entry === undefined) return false;
    const { standing, incarnation } = claim;
    if (supersedes(claim, entry.known)) {
      const by = new Set(standing === 'suspect' ? [claim.from] : []);
      entries.set(claim.about, { known: { standing, incarnation }, sinceMs: nowMs, by });
      rumours.add(claim);
    } else if (isConfirmation(claim, entry)) {
      entries.set(claim.about, { ...entry, by: new Set([...entry.by, claim.from]) });
      rumours.add(claim);
    }
    return false;
  }

  const named = (standing: Standing): readonly string[] =>
    [...entries].flatMap(([name, { known }]) => (known.standing === standing ? [name] : [])).sort();

  function claimsOf(name: string): readonly Claim[] {
    const known = entries.get(name)?.known;
    return known === undefined || known.standing === 'alive' ? [] : [{ about: name, ...known, from: self }];
  }

  return {
    hear,
    miss: (name, nowMs) => {
      const incarnation = entries.get(name)?.known.incarnation ?? 0;
      hear({ about: name, standing: suspicion === undefined ? 'dead' : 'suspect', incarnation, from: self }, nowMs);
    },
    expire: (nowMs) => {
      if (suspicion === undefined) return;
      for (const [about, { known, sinceMs, by }] of entries) {
        const isOver = known.standing === 'suspect' && nowMs - sinceMs >= suspicionMs(suspicion, by.size - 1);
        if (isOver) hear({ about, ...known, standing: 'dead', from: self }, nowMs);
      }
    },
    gossip: (to) => [...claimsOf(to), ...rumours.take(CLAIMS_MAX - 1)],
    standingOf: (name) => entries.get(name)?.known.standing,
    named,
    incarnation: () => ownIncarnation,
  };
}

/** Somebody else suspects the same. */
function isConfirmation({ standing, incarnation, from }: Claim, { known, by }: Entry): boolean {
  return standing === 'suspect' && known.standing === 'suspect' && incarnation === known.incarnation && !by.has(from);
}
