import { describe, expect, it } from 'vitest';
import { AS_IT_IS, handshakeRuling } from '../../../src/dataplane/tls/handshake-ruling.js';

describe('the ruling on a handshake', () => {
  it('leaves it as it is without faults', () => {
    expect(handshakeRuling([])).toEqual(AS_IT_IS);
  });

  it('puts flaws of different kinds into one certificate, and takes the last of one kind', () => {
    const { flaw } = handshakeRuling([
      { kind: 'present', flaw: { expiredForMs: 5 } },
      { kind: 'present', flaw: { name: 'one.test' } },
      { kind: 'present', flaw: { name: 'two.test' } },
    ]);
    expect(flaw).toEqual({ expiredForMs: 5, name: 'two.test' });
  });

  it('holds for the longest time that is asked for, and resets whatever else is', () => {
    const ruling = handshakeRuling([{ kind: 'hold', delayMs: 5 }, { kind: 'hold', delayMs: 3 }, { kind: 'reset' }]);
    expect(ruling).toEqual({ isReset: true, holdMs: 5, flaw: undefined });
  });
});
