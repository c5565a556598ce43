import { describe, expect, it } from 'vitest';
import { createBreaker } from '../../src/lab/breaker.js';

function counted(call: () => Promise<string>) {
  const states: string[] = [];
  let calls = 0;
  const breaker = createBreaker<number, string>({
    call: () => {
      calls++;
      return call();
    },
    fallback: () => 'instead',
    windowMs: 2_000,
    onState: (state) => states.push(state),
  });
  return { breaker, states, calls: () => calls };
}

describe('the breaker of the sample programs', () => {
  it('opens when ten calls have failed, and answers in their place', async () => {
    const { breaker, states, calls } = counted(() => Promise.reject(new Error('down')));
    for (let i = 0; i < 30; i++) expect(await breaker.fire(i)).toBe('instead');
    breaker.shutdown();
    expect([states, calls()]).toEqual([['open'], 10]);
  });

  it('stays closed where four calls of ten fail', async () => {
    let asked = 0;
    const { breaker, states } = counted(() => (asked++ % 10 < 4 ? Promise.reject(new Error('down')) : Promise.resolve('done')));
    for (let i = 0; i < 9; i++) await breaker.fire(i);
    breaker.shutdown();
    expect(states).toEqual([]);
  });
});
