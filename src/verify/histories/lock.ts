/**
 * Does one hold the lock at a time? Somebody surely holds it from when he was told so until he began to let it go; two such times may not overlap. What happened while one was
 * asking is not known, so this is necessary and not enough; `linearizable` with `mutex` is exact, of short histories.
 */
import { z } from 'zod';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { createReleases, tellOverlaps } from './holding.js';

export const lock = defineHistoryChecker({
  name: 'lock',
  summary: 'Demands that no two hold a lock at once.',
  schema: z.strictObject({}),
  example: {},
  knows: () => ({ acquire: { input: 'none', output: 'none' }, release: { input: 'none', output: 'none' } }),
  check: (_params, operations) => {
    const findings = new Findings();
    const releaseMs = createReleases(operations);
    const holdings = operations
      .filter(({ f, outcome }) => f === 'acquire' && outcome === 'ok')
      .map((acquire) => ({ acquire, fromMs: acquire.endMs, toMs: releaseMs(acquire) }));
    tellOverlaps(holdings, findings);
    return findings.result(
      [sumFact('acquired', holdings.length)],
      holdings.length < 2 ? 'it was not taken twice, so nobody was in the way' : undefined,
    );
  },
});
