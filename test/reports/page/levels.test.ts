import { expect, it } from 'vitest';
import type { FaultLevel } from '../../../src/journal/record.js';
import { foldJournal } from '../../../src/journal/record.js';
import { frameOf } from '../../../src/reports/page/frame.js';
import { drawLevels, hasChanged } from '../../../src/reports/page/levels.js';
import { gameDay } from '../../support/journal.js';

const record = foldJournal(gameDay({ ratePerSecond: 6, pace: 0.1 }).events);
const [fault] = record.faults;
const fromMs = fault?.fromMs ?? 0;

function bandWith(levels: readonly FaultLevel[]) {
  const frame = frameOf({ ...record, faults: fault === undefined ? [] : [{ ...fault, levels }] });
  const [band] = frame.bands;
  if (band === undefined) throw new Error('the game day has a fault');
  return { frame, band };
}

const level = (afterMs: number, percentage: number, isOn = true): FaultLevel => ({ atMs: fromMs + afterMs, percentage, isOn });

it('only a fault whose share changed is drawn', () => {
  expect(hasChanged(bandWith([]).band)).toBe(false);
  expect(hasChanged(bandWith([level(0, 40), level(100, 40)]).band)).toBe(false);
  expect(hasChanged(bandWith([level(0, 40), level(100, 80)]).band)).toBe(true);
  expect(hasChanged(bandWith([level(0, 100), level(100, 100, false)]).band)).toBe(true);
});

it('a ramp goes up in steps and says from where to where', () => {
  const { frame, band } = bandWith([level(0, 0), level(300, 50), level(600, 100)]);
  const { markup } = drawLevels(band, frame, 0);
  expect(markup).toContain('from 0 % to 100 %');
  expect(markup).toMatch(/class="level" d="M[\d.]+,20[^"]*,10[^"]*,0/);
});

it('a pulse of thousands of turns stays a small shape without broken numbers', () => {
  const turns = Array.from({ length: 20_000 }, (_, i) => level(i / 20, 100, i % 2 === 0));
  const { frame, band } = bandWith(turns);
  const { markup } = drawLevels(band, frame, 0);
  expect(markup.length).toBeLessThan(80_000);
  expect(markup).not.toMatch(/NaN|Infinity/);
});
