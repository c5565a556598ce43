import { expect, it } from 'vitest';
import { sayDetectors } from '../../src/cli/detector-table.js';
import { qualityOf } from '../../src/verify/detectors/quality.js';

it('detectors are told a row each, with bounds where nothing was seen', () => {
  const lines: string[] = [];
  const crash = { fromMs: 1_000, toMs: 9_000 };
  const quality = qualityOf([{ atMs: 1_500, suspected: true }], [crash], { fromMs: 0, toMs: 9_000 });
  const row = {
    detector: 'fixedTimeout',
    setting: 'timeout 500ms',
    quality,
    detectionMedianMs: 500,
    detectionWorstMs: 500,
    missed: 0,
    mistakeMeanMs: null,
  };
  sayDetectors({ say: (line) => lines.push(line) }, [row], { picture: 'a.svg' });
  expect(lines.join('\n')).toMatch(/fixedTimeout +timeout 500ms +500ms +500ms +0 +0 +< \d+ +– +100\.00 %/);
  expect(lines.at(-1)).toBe('picture: a.svg');
});
