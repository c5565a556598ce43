/** `faultlab lab detectors` on real processes: what it reports is what was done to them. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Compared } from '../../src/verify/detectors/comparison.js';
import { faultlab } from './faultlab.js';

interface Result {
  crashes: number;
  pauses: readonly unknown[];
  detectors: readonly Compared[];
}

describe('faultlab lab detectors', () => {
  it('sees every crash with a patient time-out, and is wrong more often the less patient it is', async () => {
    const picture = join(mkdtempSync(join(tmpdir(), 'faultlab-lab-')), 'detectors.svg');
    const argv = ['lab', 'detectors', '--interval', '60ms', '--times', '2', '--seed', '3', '--json', '--picture', picture];
    const { code, stdout } = await faultlab(...argv);
    expect(code).toBe(0);
    const { crashes, pauses, detectors } = JSON.parse(stdout) as Result;
    expect([crashes, pauses.length]).toEqual([2, 2]);
    const fixed = detectors.filter(({ detector }) => detector === 'fixedTimeout');
    for (const row of fixed) {
      expect(row.missed, row.setting).toBe(0);
      // The first silence began with the last heartbeat before the crash: up to one interval earlier than the crash itself.
      expect(row.detectionMedianMs, row.setting).toBeGreaterThan(Number.parseInt(row.setting.slice('timeout '.length), 10) - 61);
    }
    const [eager, patient] = [fixed[0], fixed.at(-1)];
    expect(eager?.quality.mistakes ?? 0).toBeGreaterThan(patient?.quality.mistakes ?? 0);
    expect(eager?.detectionMedianMs ?? 0).toBeLessThan(patient?.detectionMedianMs ?? 0);
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg .*fixedTimeout.*<\/svg>\n$/s);
  });
});
