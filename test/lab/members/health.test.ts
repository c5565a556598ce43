import { describe, expect, it } from 'vitest';
import { type HealthEvent, scoreAfter } from '../../../src/lab/members/health.js';

const scored = (...events: HealthEvent[]): number => events.reduce(scoreAfter, 0);

describe('local health', () => {
  it('gets worse by each helper that says nothing at all, and not by those who say that they failed too', () => {
    expect(scored({ kind: 'missed', asked: 3, silent: 3 })).toBe(3);
    expect(scored({ kind: 'missed', asked: 3, silent: 0 })).toBe(0);
  });

  it('gets worse by one where nobody could be asked, and where somebody held it for dying', () => {
    expect(scored({ kind: 'missed', asked: 0, silent: 0 })).toBe(1);
    expect(scored({ kind: 'accused' })).toBe(1);
  });

  it('gets better by each answer, and stays between well and eight times as patient', () => {
    expect(scored({ kind: 'accused' }, { kind: 'accused' }, { kind: 'answered' })).toBe(1);
    expect(scored({ kind: 'answered' })).toBe(0);
    expect(scored(...Array.from({ length: 9 }, (): HealthEvent => ({ kind: 'missed', asked: 3, silent: 3 })))).toBe(7);
  });
});
