import { seed } from '../support/seed.js';

/** How long the suite fuzzes: long where nobody waits for it, short at a desk; `npm run fuzz` goes on for as long as it is told. */
const seconds = process.env['CI'] === 'true' ? 20 : 5;

export const budget = {
  seconds,
  seed,
  /** Shrinking what was found takes time as well. */
  timeoutMs: seconds * 1_000 + 60_000,
} as const;
