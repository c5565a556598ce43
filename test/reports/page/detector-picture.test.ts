/** The trade-off picture is read by its legend: each detector has a look of its own, and the settings that have a time are drawn. */
import { describe, expect, it } from 'vitest';
import { drawTradeOff } from '../../../src/reports/page/detector-picture.js';
import { detectors } from '../../../src/verify/detectors/catalog.js';
import type { Compared } from '../../../src/verify/detectors/comparison.js';
import { qualityOf } from '../../../src/verify/detectors/quality.js';

const quality = qualityOf([], [], { fromMs: 0, toMs: 60_000 });
const row = (over: Partial<Compared>): Compared => ({
  detector: 'fixedTimeout',
  setting: 'timeout 300ms',
  quality,
  detectionMedianMs: 300,
  detectionWorstMs: 300,
  missed: 0,
  mistakeMeanMs: null,
  ...over,
});
const picture = (rows: readonly Compared[]) => drawTradeOff(rows, { title: 'A trial' });

describe('the picture of the trade-off', () => {
  it('gives every detector of the catalog a look of its own', () => {
    const svg = picture(detectors.names.map((detector) => row({ detector })));
    const looks = [...svg.matchAll(/<line class="curve (\w+)"/g)].map(([, look]) => look);
    expect(looks).toHaveLength(detectors.names.length);
    expect(new Set(looks).size).toBe(looks.length);
    for (const look of looks) expect(svg, look).toContain(`.${look}{stroke:`);
  });

  it('leaves out settings that missed a crash', () => {
    expect(picture([row({}), row({ detector: 'swim', missed: 1 })])).not.toContain('swim');
  });
});
