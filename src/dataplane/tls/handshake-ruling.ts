/** What the TLS faults of a link make of one handshake: their decisions put together. Pure. */
import type { CertificateFlaw, TlsDecision } from '../faults/fault.js';

export interface HandshakeRuling {
  /** The connection is cut once its first bytes have come, whatever else was decided. */
  isReset: boolean;
  /** Nothing is answered before so much time has passed since the connection came; Infinity: as long as the fault is there. */
  holdMs: number;
  /** Undefined: the certificate is a good one. Of several flaws of one kind the last counts. */
  flaw: CertificateFlaw | undefined;
}

export const AS_IT_IS: HandshakeRuling = { isReset: false, holdMs: 0, flaw: undefined };

export function handshakeRuling(decisions: readonly TlsDecision[]): HandshakeRuling {
  return decisions.reduce(withDecision, AS_IT_IS);
}

function withDecision(ruling: HandshakeRuling, decision: TlsDecision): HandshakeRuling {
  switch (decision.kind) {
    case 'reset':
      return { ...ruling, isReset: true };
    case 'hold':
      return { ...ruling, holdMs: Math.max(ruling.holdMs, decision.delayMs) };
    case 'present':
      return { ...ruling, flaw: { ...ruling.flaw, ...decision.flaw } };
  }
}
