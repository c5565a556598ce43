/**
 * What members say of each other, and which of two claims counts. Pure. What a reader gets wrong: only a member itself raises its incarnation, so "alive" under
 * a higher one is its own word and takes back what others said before; nobody else can.
 */
import { isMap } from '../../core/is-map.js';

export type Standing = 'alive' | 'suspect' | 'dead';

export interface Claim {
  readonly about: string;
  readonly standing: Standing;
  readonly incarnation: number;
  /** Who found it out; who passes it on is no new witness. */
  readonly from: string;
}

export type Known = Pick<Claim, 'standing' | 'incarnation'>;

/** Whether what is told takes the place of what is known. */
export function supersedes(told: Known, known: Known): boolean {
  switch (told.standing) {
    case 'alive':
      return told.incarnation > known.incarnation;
    case 'suspect':
      return known.standing === 'alive'
        ? told.incarnation >= known.incarnation
        : known.standing === 'suspect' && told.incarnation > known.incarnation;
    case 'dead':
      return known.standing !== 'dead' && told.incarnation >= known.incarnation;
  }
}

/** Claims that came over the wire; what is none is left out. */
export function readClaims(value: unknown): readonly Claim[] {
  return Array.isArray(value) ? value.slice(0, CLAIMS_MAX).flatMap((one) => readClaim(one) ?? []) : [];
}

/** In one message. */
export const CLAIMS_MAX = 16;

function readClaim(value: unknown): Claim | undefined {
  if (!isMap(value)) return undefined;
  const { about, standing, incarnation, from } = value;
  if (typeof about !== 'string' || typeof from !== 'string') return undefined;
  if (standing !== 'alive' && standing !== 'suspect' && standing !== 'dead') return undefined;
  return Number.isSafeInteger(incarnation) ? { about, standing, incarnation: Number(incarnation), from } : undefined;
}
