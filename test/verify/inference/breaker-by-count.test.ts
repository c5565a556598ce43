/** Quiet and busy told apart by counts alone, within a bin or two. */
import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../src/core/random.js';
import { quietEpisodes } from '../../../src/verify/inference/breaker-by-count.js';
import { exchange, times } from '../../support/histories.js';

const window = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

function counts(passes: (ms: number, draw: number) => boolean, seed = 1) {
  const draw = drawStream(keyedDraw({ seed, faultId: 'count' }), 'x');
  const at = times({ fromMs: 0, toMs: 30_000, everyMs: 10 });
  const offered = at.map((startMs, n) => ({ ...exchange({ from: 'load', to: 'a', startMs }), n }));
  const attempts = at.filter((ms) => passes(ms, draw())).map((startMs, n) => ({ ...exchange({ from: 'a', to: 'b', startMs }), n }));
  return { offered, attempts, window };
}

describe('quietEpisodes', () => {
  it('dates going quiet and coming back, with the truth inside the interval', () => {
    const [episode, ...more] = quietEpisodes({ ...counts((ms) => ms < 10_000 || ms >= 20_000), fanOut: 1 });
    expect(more).toEqual([]);
    expect(episode?.opened[0]).toBeLessThanOrEqual(10_000);
    expect(episode?.opened[1]).toBeGreaterThanOrEqual(10_000);
    expect(episode?.closed?.[0]).toBeLessThanOrEqual(20_000);
    expect(episode?.closed?.[1]).toBeGreaterThanOrEqual(20_000);
    expect((episode?.opened[1] ?? 0) - (episode?.opened[0] ?? 0)).toBeLessThanOrEqual(300);
  });

  it('leaves an episode open that never ended', () => {
    expect(quietEpisodes({ ...counts((ms) => ms < 10_000), fanOut: 1 })).toMatchObject([{ offered: expect.any(Number) }]);
    expect(quietEpisodes({ ...counts((ms) => ms < 10_000), fanOut: 1 })[0]?.closed).toBeUndefined();
  });

  it('sees nothing in steady traffic, whatever part of the requests it is: 50 seeds', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const ratio = 0.3 + (seed % 7) / 10;
      expect(quietEpisodes({ ...counts((_ms, draw) => draw < ratio, seed), fanOut: ratio }), `seed ${seed}`).toEqual([]);
    }
  });

  it('no demand is no silence', () => {
    const all = counts(() => true);
    const some = <T extends { startMs: number }>(items: T[]): T[] => items.filter((e) => e.startMs < 10_000 || e.startMs >= 20_000);
    expect(quietEpisodes({ offered: some(all.offered), attempts: some(all.attempts), fanOut: 1, window })).toEqual([]);
  });
});
