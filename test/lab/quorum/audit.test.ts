import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../../src/lab/body.js';
import { Acknowledged } from '../../../src/lab/quorum/acknowledged.js';
import { AUDITED_MAX, audit, auditSchema } from '../../../src/lab/quorum/audit.js';
import { TEXT_CHARACTERS_MAX } from '../../../src/lab/quorum/messages.js';

const log = ['old', 'new'].map((value) => ({ term: 1, key: 'stock', value }));
const asked = auditSchema.parse({ items: log.map(({ key, value }) => [key, value]) });

describe('an audit', () => {
  it('is asked in bodies that are read, however long keys and values are', () => {
    const longest = '"'.repeat(TEXT_CHARACTERS_MAX);
    const items = Array.from({ length: AUDITED_MAX }, () => [longest, longest]);
    expect(auditSchema.safeParse({ items }).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify({ items }))).toBeLessThanOrEqual(BODY_BYTES_MAX);
  });

  it('counts what was never decided here, and not what was written again since', () => {
    expect(audit({ log, committed: 2, role: { kind: 'follower' } }, asked)).toEqual({ missing: 0, isLeader: false });
    expect(audit({ log, committed: 1, role: { kind: 'follower' } }, asked).missing).toBe(1);
  });

  it('is about what was acknowledged long enough ago for all to have it', () => {
    const acknowledged = new Acknowledged();
    acknowledged.add({ key: 'stock', value: 'old' }, 1_000);
    acknowledged.add({ key: 'stock', value: 'new' }, 2_500);
    expect(acknowledged.settled(3_000).map(({ value }) => value)).toEqual(['old']);
    expect(acknowledged.settled(4_500)).toHaveLength(2);
  });
});
