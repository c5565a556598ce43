/** Effects that are only written down, for looking at what a fault decides. */
import type { TcpEffects, TcpSignal, TcpTransform } from '../../src/dataplane/faults/fault.js';

/** What a transform asks for on this signal, in words: `pass 10`, `bytes:abc 0`, `end 0`, `reset 0`, `tickIn 5`. */
export function effectsOf(transform: TcpTransform, signal: TcpSignal): readonly string[] {
  const said: string[] = [];
  const effects: TcpEffects = {
    pass: (delayMs = 0) => said.push(`pass ${delayMs}`),
    passBytes: (bytes, delayMs = 0) => said.push(`bytes:${bytes.toString('latin1')} ${delayMs}`),
    end: (delayMs = 0) => said.push(`end ${delayMs}`),
    reset: (delayMs = 0) => said.push(`reset ${delayMs}`),
    tickIn: (delayMs) => said.push(`tickIn ${delayMs}`),
  };
  transform(signal, effects);
  return said;
}
