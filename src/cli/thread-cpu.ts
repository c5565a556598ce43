/** What the calling thread has cost so far. What a reader would get wrong: time that it waited for a busy machine is no work, and counts for nothing here. */
import { readFileSync } from 'node:fs';
import { hostClock } from '../core/clock.js';

const NS_PER_MS = 1e6;

/** Milliseconds of one processor, for differences. Where the system does not say, time itself stands for them. */
export function threadCpuMs(): number {
  try {
    const [ranNs] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Number(ranNs) / NS_PER_MS;
  } catch {
    return hostClock.nowMs();
  }
}
