import { describe, expect, it } from 'vitest';
import { drawCurve } from '../../../src/reports/page/curve.js';
import type { DetectionCurve, DetectionPoint } from '../../../src/verify/check.js';

const point = (value: number, more: Partial<DetectionPoint>): DetectionPoint => ({
  step: `gray.${value}`,
  value,
  text: `${value} %`,
  noticed: false,
  faulted: 12,
  ...more,
});
const CURVE: DetectionCurve = {
  subject: 'gateway -> <b>inventory</b>',
  of: 'percentage',
  withinMs: 5_000,
  points: [
    point(5, {}),
    point(20, { noticed: null, unknown: 'too few requests' }),
    point(60, { noticed: true, afterMs: [900, 1_400] }),
    point(100, { noticed: true, afterMs: [150, 250] }),
  ],
};

describe('the picture of a detection curve', () => {
  const picture = drawCurve(CURVE).markup;

  it('has a mark of its own shape for each outcome, and says it', () => {
    expect(picture.match(/<circle class="met"/g)).toHaveLength(2);
    expect(picture.match(/<circle class="unjudged"/g)).toHaveLength(1);
    expect(picture.match(/<path class="unmet"/g)).toHaveLength(1);
    expect(picture).toContain('5 %: not noticed, 12 faulted requests went by');
    expect(picture).toContain('20 %: not known: too few requests');
    expect(picture).toContain('60 %: noticed after 900ms to 1.40s, by the 12th faulted request');
  });

  it('draws what took longer higher, and the promise above both', () => {
    const [slow, fast] = [...picture.matchAll(/<circle class="met" cx="[\d.]+" cy="([\d.]+)"/g)].map((match) => Number(match[1]));
    const promised = Number(/<line class="edge" x1="\d+" x2="\d+" y1="([\d.]+)"/.exec(picture)?.[1]);
    expect(slow).toBeLessThan(fast ?? 0);
    expect(promised).toBeLessThan(slow ?? 0);
  });

  it('keeps hostile names text, and puts no broken number into the picture', () => {
    expect(picture).not.toContain('<b>');
    expect(picture).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(drawCurve({ ...CURVE, points: CURVE.points.slice(0, 1) }).markup).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});
