/** Effects that are only written down, for looking at what a fault decides. */
import type { TcpEffects, TcpSignal, TcpTransform } from '../../src/dataplane/faults/fault.js';

/** What a transform asks for on this signal, in words: `pass 10`, `bytes:abc 0`, `release 3`, `end 0`, `close 0`, `reset`, `tickIn 5`. */
export function effectsOf(transform: TcpTransform, signal: TcpSignal, { nowMs = 1_000, heldBytes = 0 } = {}): readonly string[] {
  const said: string[] = [];
  const effects: TcpEffects = {
    nowMs,
    heldBytes,
    pass: (delayMs = 0) => said.push(`pass ${delayMs}`),
    passBytes: (bytes, delayMs = 0) => said.push(`bytes:${bytes.toString('latin1')} ${delayMs}`),
    end: (delayMs = 0) => said.push(`end ${delayMs}`),
    release: (byteCount) => said.push(`release ${byteCount}`),
    close: (delayMs = 0) => said.push(`close ${delayMs}`),
    reset: () => said.push('reset'),
    tickIn: (delayMs) => said.push(`tickIn ${delayMs}`),
  };
  transform(signal, effects);
  return said;
}
