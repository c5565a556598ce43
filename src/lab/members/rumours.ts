/** What is still to be passed on: the newest claim about each member, told a few times and then no more. */
import type { Claim } from './claims.js';

export interface Rumours {
  /** Takes the place of what was told of the same member, and is told from the beginning. */
  add(claim: Claim): void;
  /** At most so many, those told least often first. Counts as told. */
  take(claimsMax: number): readonly Claim[];
}

/** memberlist's: a claim is told so often, times the digits of how many there are. */
const RETRANSMIT_MULT = 4;

/** `size`: of the cluster. */
export function createRumours(size: number): Rumours {
  const toldMax = RETRANSMIT_MULT * Math.ceil(Math.log10(size + 1));
  const rumours = new Map<string, { readonly claim: Claim; told: number }>();
  return {
    add: (claim) => void rumours.set(claim.about, { claim, told: 0 }),
    take: (claimsMax) => {
      const next = [...rumours.values()].sort((a, b) => a.told - b.told).slice(0, claimsMax);
      for (const rumour of next) {
        rumour.told += 1;
        if (rumour.told >= toldMax) rumours.delete(rumour.claim.about);
      }
      return next.map(({ claim }) => claim);
    },
  };
}
