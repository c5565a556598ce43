/**
 * Lifeguard's local health: how much a member doubts itself. Who gets no answers, and not even word from those it asked to ask, is more likely slow than
 * surrounded by dead ones, so it waits longer before it accuses. Pure.
 */

export type HealthEvent =
  | { readonly kind: 'answered' }
  /** Nobody reached the member. `silent` of those who were asked to try did not even say that they had not. */
  | { readonly kind: 'missed'; readonly asked: number; readonly silent: number }
  /** Somebody held it for dying, so it had been silent itself. */
  | { readonly kind: 'accused' };

/** Waits are at most so many times as long, as in memberlist. */
const MULTIPLIER_MAX = 8;

/** 0: well. Waits are 1 + score times as long. */
export function scoreAfter(score: number, event: HealthEvent): number {
  const change = event.kind === 'answered' ? -1 : event.kind === 'accused' || event.asked === 0 ? 1 : event.silent;
  return Math.min(MULTIPLIER_MAX - 1, Math.max(0, score + change));
}
