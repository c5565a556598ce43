/** What a detector makes of heartbeats that have come: the same as one that hears them live, and worse where it is deafer. */
import { describe, expect, it } from 'vitest';
import { type Beat, type Candidate, candidates, turnsOf } from '../../../src/verify/detectors/candidates.js';
import { detectors } from '../../../src/verify/detectors/catalog.js';
import { compareDetectors } from '../../../src/verify/detectors/comparison.js';
import type { Crash } from '../../../src/verify/detectors/quality.js';

const INTERVAL_MS = 100;
const OBSERVERS = ['near', 'east', 'west'];

/** Heartbeats on time to everybody, without those that fall into a silence of that observer. */
function beats(untilMs: number, silences: readonly (Crash & { observers: readonly string[] })[]): Beat[] {
  return Array.from({ length: untilMs / INTERVAL_MS }, (_, sequence) =>
    OBSERVERS.map((observer) => ({ observer, sequence, atMs: sequence * INTERVAL_MS + 1 })),
  )
    .flat()
    .filter(({ atMs, observer }) => !silences.some((s) => s.observers.includes(observer) && atMs >= s.fromMs && atMs < s.toMs));
}

const span = { fromMs: 0, toMs: 20_000 };
const crash = { fromMs: 8_000, toMs: 12_000 };
const trial = (silences: readonly (Crash & { observers: readonly string[] })[], crashes: readonly Crash[] = []) => ({
  beats: beats(span.toMs, silences),
  observer: 'east',
  crashes,
  span,
});

describe('the candidates', () => {
  it('has only settings that their detectors accept, and every detector of the catalog', () => {
    const all = candidates(INTERVAL_MS);
    for (const { detector, params, setting } of all) {
      expect(detectors.get(detector)?.schema.safeParse(params).error?.message, `${detector} ${setting}`).toBeUndefined();
    }
    expect(new Set(all.map(({ detector }) => detector))).toEqual(new Set(detectors.names));
  });

  it('turns when the time-out says so, to a tenth of the interval', () => {
    const candidate: Candidate = { detector: 'fixedTimeout', setting: '', params: { timeout: '300ms' } };
    const { beats: heard } = trial([{ ...crash, observers: OBSERVERS }]);
    expect(turnsOf(candidate, { beats: heard, observer: 'near', intervalMs: INTERVAL_MS, span })).toEqual([
      { atMs: 7_901 + 300 + 9, suspected: true },
      { atMs: 12_010, suspected: false },
    ]);
  });

  it('finds the crash with every detector, without a mistake while all is well', () => {
    for (const row of compareDetectors(candidates(INTERVAL_MS), trial([{ ...crash, observers: OBSERVERS }], [crash]), INTERVAL_MS)) {
      expect(row, `${row.detector} ${row.setting}`).toMatchObject({ missed: 0, quality: { mistakes: 0 } });
      expect(row.detectionMedianMs).toBeLessThan(4_000);
    }
  });

  it('calls a silence that was no crash a mistake, unless the detector is more patient', () => {
    const rows = compareDetectors(candidates(INTERVAL_MS), trial([{ fromMs: 8_000, toMs: 8_400, observers: OBSERVERS }]), INTERVAL_MS);
    const mistakes = (detector: string) => rows.filter((row) => row.detector === detector).map((row) => row.quality.mistakes);
    expect(mistakes('fixedTimeout')).toEqual([1, 1, 1, 0, 0, 0]);
    expect(mistakes('cassandraPhi')).toEqual([0, 0, 0]);
  });

  it('lets a quorum overrule the one observer whose path is bad', () => {
    const rows = compareDetectors(candidates(INTERVAL_MS), trial([{ fromMs: 8_000, toMs: 8_400, observers: ['east'] }]), INTERVAL_MS);
    const mistakes = (detector: string) => rows.find((row) => row.detector === detector)?.quality.mistakes;
    expect([mistakes('fixedTimeout'), mistakes('quorum')]).toEqual([1, 0]);
  });

  it('says that a crash was missed which was over too soon', () => {
    const short = { fromMs: 8_000, toMs: 8_500 };
    const rows = compareDetectors(candidates(INTERVAL_MS), trial([{ ...short, observers: OBSERVERS }], [short]), INTERVAL_MS);
    expect(rows.find((row) => row.setting === 'timeout 1200ms')).toMatchObject({
      missed: 1,
      detectionMedianMs: null,
      detectionWorstMs: null,
    });
  });

  describe('SWIM among three observers', () => {
    const swim = candidates(INTERVAL_MS).filter(({ detector }) => detector === 'swim');
    const deaf = [200, 400, 900].map((lastsMs, i) => ({ fromMs: 3_000 * (i + 1), toMs: 3_000 * (i + 1) + lastsMs }));
    const mistakes = (all: readonly Candidate[], observers: readonly string[]) =>
      compareDetectors(all, trial(deaf.map((silence) => ({ ...silence, observers }))), INTERVAL_MS).map((row) => row.quality.mistakes);

    it('makes no mistake where one observer alone is deaf, which its time-out alone makes each time', () => {
      const sameTimeout: Candidate = { detector: 'fixedTimeout', setting: '', params: swim[0]?.opinionsBy };
      expect(mistakes([sameTimeout], ['east'])).toEqual([3]);
      expect(mistakes(swim, ['east'])).toEqual([0, 0, 0, 0, 0, 0]);
    });

    it('is wrong about a living sender that nobody hears, unless it is given longer to refute', () => {
      expect(mistakes(swim, OBSERVERS)).toEqual([3, 2, 2, 1, 1, 1]);
    });

    it('waits for the multiplier where all suspect, and six times as long where confirmations are asked for and nobody gives any', () => {
      const dead = trial([{ ...crash, observers: OBSERVERS }], [crash]);
      const alone = { ...dead, beats: dead.beats.filter(({ observer }) => observer === 'east') };
      const [confirmed, unconfirmed] = [dead, alone].map((heard) =>
        compareDetectors(swim, heard, INTERVAL_MS).map((row) => row.detectionMedianMs),
      );
      // The last heartbeat came at 7,901 ms, and is missed when first asked after 8,051 ms.
      const suspectedAfterMs = 60;
      expect(confirmed).toEqual([100, 200, 300, 400, 600, 800].map((ms) => suspectedAfterMs + ms));
      expect(unconfirmed).toEqual([100, 200, 1_800, 2_400, 600, 800].map((ms) => suspectedAfterMs + ms));
    });
  });
});
