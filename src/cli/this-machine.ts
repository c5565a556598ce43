/** What runs are carried out on, for the journal: a figure of one machine means little on another. */
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import type { RecordedMachine } from '../journal/events.js';

export function thisMachine(): RecordedMachine {
  const all = cpus();
  return {
    host: hostname(),
    system: `${platform()} ${release()} ${arch()}`,
    processor: all[0]?.model.trim() || 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    node: process.version,
  };
}
