import { seed } from '../support/seed.js';

/** How long the suite fuzzes: long where nobody waits for it, short at a desk. */
const seconds = process.env['CI'] === 'true' ? 40 : 5;

export const budget = {
  seconds,
  seed,
  /** Shrinking what was found takes time as well. */
  timeoutMs: seconds * 1_000 + 60_000,
} as const;
