/**
 * A stream in pieces: each is a write of its own, and a delay passes after each, the last one too. Pieces that have to wait for a slow receiver may be
 * joined again, as on any wire.
 */
import type { TcpEffects, TcpTransform } from './fault.js';

/** Pieces sent in one turn of the event loop, so that slicing a large read finely does not stop everybody else. */
const PIECES_PER_TURN = 64;

/** `pieceBytes` says how large the next piece is, one byte or more. */
export function inPieces({ pieceBytes, delayMs }: { pieceBytes(): number; delayMs: number }): TcpTransform {
  let isWaiting = false;

  const send = (effects: TcpEffects): void => {
    for (let i = 0; i < PIECES_PER_TURN && effects.heldBytes > 0; i++) {
      effects.release(pieceBytes());
      if (delayMs > 0) break;
    }
    isWaiting = delayMs > 0 || effects.heldBytes > 0;
    if (isWaiting) effects.tickIn(delayMs);
  };

  return (signal, effects) => {
    if (signal.kind === 'tick') {
      isWaiting = false;
      // An end that has waited for the last delay has no bytes.
      if (effects.heldBytes === 0) effects.release(0);
    } else effects.pass(isWaiting || signal.kind === 'data' ? Number.POSITIVE_INFINITY : 0);
    if (!isWaiting && effects.heldBytes > 0) send(effects);
  };
}
