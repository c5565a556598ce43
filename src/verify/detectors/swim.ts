/**
 * SWIM's suspicion with Lifeguard's timer, as in memberlist: a failed probe makes a suspect, and independent confirmations shorten the time it has
 * to refute. `suspected` is what the others act on: declared dead. A reader would get wrong the start: with nobody to confirm the time is the
 * shortest, not the longest.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import { defineDetector } from './detector.js';
import { type Membership, suspicionMs } from './suspicion-timer.js';

export const swim = defineDetector({
  name: 'swim',
  summary: 'Declares a member dead that does not refute in time, sooner the more others suspect it (SWIM, Lifeguard).',
  schema: z.strictObject({
    members: z.int().min(1).meta({ description: 'members of the cluster' }),
    probeInterval: duration({ minMs: 1 }).default(1_000).meta({ description: '`ProbeInterval`' }),
    suspicionMult: z.int().min(1).default(4).meta({ description: '`SuspicionMult`' }),
    suspicionMaxTimeoutMult: z.int().min(1).default(6).meta({ description: '`SuspicionMaxTimeoutMult`' }),
  }),
  example: { members: 10 },
  hears: ['probe', 'opinion', 'heartbeat'],
  open: (membership: Membership) => {
    let since: { ms: number; by: Set<string> } | undefined;
    const suspect = (observer: string, nowMs: number): void => {
      since ??= { ms: nowMs, by: new Set() };
      since.by.add(observer);
    };
    const level = (nowMs: number): number => (since === undefined ? 0 : (nowMs - since.ms) / suspicionMs(membership, since.by.size - 1));
    return {
      observe: (sign, nowMs) => {
        // A heartbeat is the member's own word: alive, under a new incarnation. That also takes back a death.
        if (sign.kind === 'heartbeat' || (sign.kind === 'probe' && sign.succeeded)) since = undefined;
        else if (sign.kind === 'probe') suspect('', nowMs);
        else if (sign.suspects && level(nowMs) < 1) suspect(sign.observer, nowMs);
      },
      status: (nowMs) => ({ suspected: level(nowMs) >= 1, level: level(nowMs) }),
    };
  },
});
