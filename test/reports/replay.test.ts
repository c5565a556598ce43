import { describe, expect, it } from 'vitest';
import { replayCommand } from '../../src/reports/replay.js';
import { gameDayReport } from '../support/journal.js';

describe('the command that does it again', () => {
  it('reaches a shell as one word', () => {
    const { plan } = gameDayReport({ ratePerSecond: 4, pace: 0.1 }).record;
    const command = replayCommand({ ...plan, file: 'my plan.yaml', seed: 7, inputs: { key: `it's; rm -rf /` } });
    expect(command).toBe(`faultlab run 'my plan.yaml' --seed 7 --var 'key=it'\\''s; rm -rf /'`);
  });
});
