/**
 * The seed of every randomized test, always the same, so that a commit that passed passes again. FAULTLAB_TEST_SEED names another; `npm run fuzz`
 * draws new ones.
 */
export const seed = Number(process.env['FAULTLAB_TEST_SEED'] ?? 251_802);
