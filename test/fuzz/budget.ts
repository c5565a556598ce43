/** How long the suite fuzzes: long where nobody waits for it, short at a desk. The seed is printed; FAULTLAB_TEST_SEED brings a run back. */
const seconds = process.env['CI'] === 'true' ? 40 : 5;

export const budget = {
  seconds,
  seed: Number(process.env['FAULTLAB_TEST_SEED'] ?? Math.floor(performance.now() * 1e3) % 2 ** 31),
  /** Shrinking what was found takes time as well. */
  timeoutMs: seconds * 1_000 + 60_000,
} as const;
