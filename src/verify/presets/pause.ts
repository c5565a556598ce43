/**
 * How long a defence stays away, or waits before it tries again, each time: the law of a product as data. A reader would get wrong that the
 * first pause is number 1, and that a spread may reach beyond the cap where a product adds it afterwards.
 */
export type PauseLaw =
  | { kind: 'fixed'; ms: number }
  /** k times the step, up to the cap; a jitter of up to `addedMs` comes on top of both. */
  | { kind: 'linear'; stepMs: number; maxMs: number; addedMs: number }
  /** first · factor^(k−1) up to the cap, then times something between the two ends of `spread`; `isCapLast`: the cap holds for the product. */
  | {
      kind: 'exponential';
      firstMs: number;
      factor: number;
      maxMs: number;
      spread: readonly [low: number, high: number];
      isCapLast: boolean;
    }
  /** First exactly, then between half and all of what doubles; the cap itself once it is reached. */
  | { kind: 'equalJitter'; firstMs: number; maxMs: number }
  /** Decorrelated jitter "v2" of Polly and cockatiel: differences of a smooth curve at random places. */
  | { kind: 'decorrelated'; initialMs: number; maxMs: number };

export function exponential(
  law: { firstMs: number; maxMs: number } & Partial<Omit<Extract<PauseLaw, { kind: 'exponential' }>, 'kind'>>,
): PauseLaw {
  return { factor: 2, spread: [1, 1], isCapLast: false, ...law, kind: 'exponential' };
}

/** Shortest and longest that pause number `k` (1, 2 …) can be, in ms. */
export function rangeOfPause(law: PauseLaw, k: number): readonly [minMs: number, maxMs: number] {
  switch (law.kind) {
    case 'fixed':
      return [law.ms, law.ms];
    case 'linear': {
      const base = Math.min(law.maxMs, k * law.stepMs);
      return [base, base + law.addedMs];
    }
    case 'exponential': {
      const base = Math.min(law.maxMs, law.firstMs * law.factor ** (k - 1));
      const [low, high] = law.spread.map((factor) => base * factor) as [number, number];
      return law.isCapLast ? [Math.min(low, law.maxMs), Math.min(high, law.maxMs)] : [low, high];
    }
    case 'equalJitter': {
      const half = law.firstMs * 2 ** (k - 2);
      if (k === 1) return [law.firstMs, law.firstMs];
      return half * 2 > law.maxMs ? [law.maxMs, law.maxMs] : [half, 2 * half];
    }
    case 'decorrelated': {
      const curve = (t: number): number => 2 ** t * Math.tanh(Math.sqrt(4 * t));
      const mostMs = ((curve(k) - (k === 1 ? 0 : curve(k - 2))) / 1.4) * law.initialMs;
      return [0, Math.min(law.maxMs, mostMs)];
    }
  }
}
