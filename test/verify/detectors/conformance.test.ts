/** What every failure detector has to hold to, and detectors that do not, which the same rules must find. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { detectors } from '../../../src/verify/detectors/catalog.js';
import { type Detector, defineDetector, type Sign, type Watch } from '../../../src/verify/detectors/detector.js';

const PERIOD_MS = 1_000;
const HOUR_MS = 3_600_000;

/** What goes well, in the words that this detector hears. */
function goodSign({ hears }: Detector, sequence: number): Sign {
  if (hears.includes('heartbeat')) return { kind: 'heartbeat', sequence };
  return hears.includes('probe') ? { kind: 'probe', succeeded: true } : { kind: 'opinion', observer: 'a', suspects: false };
}

/** What tells of an instance that is gone, in those words: nothing at all for who waits for heartbeats. */
function badSigns({ hears }: Detector): Sign[] {
  if (hears.includes('probe')) return [{ kind: 'probe', succeeded: false }];
  return hears.includes('opinion') ? ['a', 'b', 'c'].map((observer) => ({ kind: 'opinion', observer, suspects: true })) : [];
}

/** Feeds a minute of good times, then an outage of so long, then good times again; true where it suspected, each second. */
function lived(detector: Detector, outageMs: number, startMs = 0): { good: boolean; bad: boolean; after: boolean } {
  const watch = detector.open(detector.schema.parse(detector.example), startMs);
  let nowMs = startMs;
  let sequence = 0;
  const seconds = (count: number, signs: () => Sign[]): boolean[] =>
    Array.from({ length: count }, () => {
      nowMs += PERIOD_MS;
      for (const sign of signs()) watch.observe(sign, nowMs);
      sequence += 1;
      return watch.status(nowMs).suspected;
    });
  const good = seconds(60, () => [goodSign(detector, sequence)]).includes(true);
  const bad = seconds(outageMs / PERIOD_MS, () => badSigns(detector)).at(-1) ?? false;
  const after = seconds(60, () => [
    ...(detector.hears.includes('opinion') && !detector.hears.includes('probe') ? allClear() : [goodSign(detector, sequence)]),
  ]);
  return { good, bad, after: after.at(-1) ?? true };
}

function allClear(): Sign[] {
  return ['a', 'b', 'c'].map((observer) => ({ kind: 'opinion', observer, suspects: false }));
}

/** A sentence for each promise that it breaks. */
function breaches(detector: Detector): string[] {
  const short = lived(detector, 120_000);
  const long = lived(detector, HOUR_MS);
  const elsewhere = lived(detector, 120_000, 1.7e12);
  return [
    short.good ? 'suspects an instance that is well' : '',
    short.bad ? '' : 'never suspects one that is gone',
    short.after ? 'never trusts again' : '',
    long.after ? 'a gap longer than all it remembers is not a fresh start' : '',
    JSON.stringify(short) === JSON.stringify(elsewhere) ? '' : 'depends on what time it is',
  ].filter((sentence) => sentence !== '');
}

const alike = (name: string, open: () => Watch): Detector =>
  defineDetector({ name, summary: 'Spoiled.', schema: z.strictObject({}), example: {}, hears: ['heartbeat'], open });

describe('every detector', () => {
  it.each(detectors.all.map((detector) => [detector.name, detector] as const))('%s keeps its promises', (_name, detector) => {
    expect(breaches(detector)).toEqual([]);
  });

  it.each(detectors.all.map((detector) => [detector.name, detector] as const))(
    '%s has a sentence, an example, and a level that is 1 or more just when it suspects',
    (_name, detector) => {
      expect(detector.summary).toMatch(/^[A-Z][^\n]*\.$/);
      const watch = detector.open(detector.schema.parse(detector.example), 0);
      for (let second = 1; second <= 300; second++) {
        const signs = second < 60 ? [goodSign(detector, second)] : badSigns(detector);
        for (const sign of signs) watch.observe(sign, second * PERIOD_MS);
        const { suspected, level } = watch.status(second * PERIOD_MS);
        expect(level, `at ${second} s`).toBeGreaterThanOrEqual(suspected ? 1 : 0);
        if (!suspected) expect(level, `at ${second} s`).toBeLessThanOrEqual(1);
      }
    },
  );

  it.each([
    ['never suspects', () => ({ observe: () => {}, status: () => ({ suspected: false, level: 0 }) }), 'never suspects one that is gone'],
    ['always suspects', () => ({ observe: () => {}, status: () => ({ suspected: true, level: 1 }) }), 'suspects an instance that is well'],
    [
      'looks at the clock',
      () => ({ observe: () => {}, status: (nowMs: number) => ({ suspected: nowMs > 1e12, level: 0 }) }),
      'depends on what time it is',
    ],
  ])('is told from one that %s', (name, open, sentence) => {
    expect(breaches(alike(name, open))).toContain(sentence);
  });
});
