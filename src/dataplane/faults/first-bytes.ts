/** The beginning of a stream: exactly so many bytes, and then what the fault does in place of the rest. A stream that is shorter passes whole. */
import type { TcpEffects, TcpTransform } from './fault.js';

/**
 * Lets `byteCountMax` through and calls `reached` with the last of them; with 0 on the first data. `memory` keeps the count, for faults that are
 * changed while the stream goes on.
 */
export function firstBytes(
  byteCountMax: number,
  reached: (effects: TcpEffects) => void,
  memory: Record<string, number> = {},
): TcpTransform {
  return (signal, effects) => {
    if (signal.kind !== 'data') {
      effects.pass();
      return;
    }
    const { passedBytes = 0 } = memory;
    const passed = signal.bytes.subarray(0, Math.max(0, byteCountMax - passedBytes));
    memory['passedBytes'] = passedBytes + passed.length;
    if (passed.length > 0) effects.passBytes(passed);
    if (passedBytes + passed.length >= byteCountMax) reached(effects);
  };
}
