/** By what machines are known to be the same one, so that their processes share a monotonic clock: containers and network namespaces of one host do. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where the system does not tell, nobody shares it with anybody. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return `${hostname()}-${process.pid}`;
  }
}
