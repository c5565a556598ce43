/** What the fingerprint of an ejecting product does not say. Whether it names those that it knows is in the suite of verdicts, product by product. */
import { describe, expect, it } from 'vitest';
import { seeds } from '../../support/simulated-cycles.js';
import { recognize, type Shipped, toldFrom } from '../../verdicts/simulated/fingerprint-cycles.js';

const IN_A_ROW = { kind: 'consecutive', errors: 5 } as const;

describe('the fingerprint of an ejecting product', () => {
  it('never names nginx alone as it is shipped, which looks like others', () => {
    const shipped: Omit<Shipped, 'names'> = {
      model: {
        signs: { kind: 'gap', errors: 1, gapMs: 10_000 },
        outMs: () => 10_000,
        returnsAt: 'time',
        returnsBy: 'trial',
        outAtOnceMax: 5,
      },
      faultMs: 50_000,
      errorRatio: 0.001,
    };
    for (const seed of seeds(5)) {
      const products = toldFrom(shipped, seed);
      expect(products.length, `seed ${seed}: ${products.join(', ')}`).not.toBe(1);
      if (products.length > 0) expect(products).toContain('nginx');
    }
  }, 60_000);

  it('says nothing of fewer than three times out, nor of times that fit no product', () => {
    const growing = {
      signs: IN_A_ROW,
      outMs: (time: number) => 30_000 * (time + 1),
      returnsAt: { tickMs: 10_000 },
      returnsBy: 'full',
      outAtOnceMax: 2,
    } as const;
    expect(toldFrom({ model: growing, faultMs: 60_000, ratePerSecond: 30 }, 1)).toEqual([]);
    const outMs = (time: number): number => [12_000, 3_000, 9_000, 3_000][time % 4] ?? 0;
    const odd = { signs: IN_A_ROW, outMs, returnsAt: 'time', returnsBy: 'full', outAtOnceMax: 2 } as const;
    expect(toldFrom({ model: odd, faultMs: 60_000, ratePerSecond: 150 }, 1)).toEqual([]);
  });

  it('is right with its own name, unsure with one that can be told apart, wrong without its own', () => {
    expect(recognize(['Caddy', 'nginx'], ['nginx', 'Caddy'])).toBe('right');
    expect(recognize(['Caddy', 'nginx', 'HAProxy'], ['nginx', 'Caddy'])).toBe('unsure');
    expect(recognize([], ['nginx'])).toBe('unsure');
    expect(recognize(['Caddy'], ['nginx', 'Caddy'])).toBe('wrong');
  });
});
