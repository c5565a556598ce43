import { describe, expect, it } from 'vitest';
import { evidenceLines } from '../../src/reports/evidence.js';
import { gameDayReport } from '../support/journal.js';

const { record } = gameDayReport({ ratePerSecond: 30, pace: 0.2 });

describe('evidence', () => {
  it('turns the number of an exchange back into what crossed the wire', () => {
    const faulted = record.exchanges.find((e) => e.applied?.includes('one-host-goes-gray'));
    const line = evidenceLines(record, [faulted?.n ?? 0]).get(faulted?.n ?? 0);
    expect(line?.sentence).toMatch(/^gateway-1 → inventory-3: GET \/stock\/k\d+ answered 503 after .*, faulted by one-host-goes-gray$/);
    expect(line?.atMs).toBe(faulted?.endMs);
  });

  it('says when the journal has no such event', () => {
    expect(evidenceLines(record, [999_999]).get(999_999)?.sentence).toBe('not in this journal');
  });

  it('comes in the order of the journal, each event once', () => {
    expect([...evidenceLines(record, [9, 3, 9, 5]).keys()]).toEqual([3, 5, 9]);
  });
});
