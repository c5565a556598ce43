import { describe, expect, it } from 'vitest';
import { createLedger } from '../../../src/lab/orders/ledger.js';

describe('the ledger', () => {
  it('does a write once, however often it comes', () => {
    const ledger = createLedger({ fencing: true, idempotency: true });
    expect([ledger.write({ key: 'a', epoch: 1 }), ledger.write({ key: 'a', epoch: 1 })].map(({ status }) => status)).toEqual([201, 200]);
    expect(ledger.standing().orders).toBe(1);
  });

  it('refuses who writes under an older epoch than one that has written', () => {
    const ledger = createLedger({ fencing: true, idempotency: true });
    ledger.write({ key: 'a', epoch: 2 });
    expect(ledger.write({ key: 'b', epoch: 1 })).toEqual({ status: 409, newest: 2 });
    expect(ledger.write({ key: 'b', epoch: 2 }).status).toBe(201);
    expect(ledger.standing()).toEqual({ orders: 2, stale: 0, refused: 1 });
  });

  it('without its defences does everything that it is told', () => {
    const ledger = createLedger({ fencing: false, idempotency: false });
    for (const epoch of [2, 1, 1]) expect(ledger.write({ key: 'a', epoch }).status).toBe(201);
    expect(ledger.standing()).toEqual({ orders: 3, stale: 2, refused: 0 });
  });
});
