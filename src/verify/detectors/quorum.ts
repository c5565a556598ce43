/**
 * A quorum of observers: suspects when enough of them do, so that one observer's bad link condemns nobody. An opinion grows old: an observer that
 * has not spoken for a while counts neither way.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector } from './detector.js';

export const quorum = defineDetector({
  name: 'quorum',
  summary: 'Suspects when so many observers do.',
  schema: z.strictObject({
    needed: z.int().min(1).meta({ description: 'observers that must suspect' }),
    opinionsLast: duration({ minMs: 1 }).default(10_000).meta({ description: 'an older opinion no longer counts' }),
  }),
  example: { needed: 2 },
  hears: ['opinion'],
  open: ({ needed, opinionsLast: lastMs }) => {
    const opinions = new Map<string, { suspects: boolean; atMs: number }>();
    return {
      observe: (sign, nowMs) => {
        if (sign.kind === 'opinion') opinions.set(sign.observer, { suspects: sign.suspects, atMs: nowMs });
      },
      status: (nowMs) => {
        for (const [observer, { atMs }] of opinions) if (nowMs - atMs > lastMs) opinions.delete(observer);
        const suspicious = [...opinions.values()].filter(({ suspects }) => suspects).length;
        return { suspected: suspicious >= needed, level: suspicious / needed };
      },
    };
  },
});
