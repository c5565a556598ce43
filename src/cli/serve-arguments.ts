/** What `serve` reads from its command line, and what it waits for. */
import { InvalidArgumentError } from 'commander';

/** `--port 8474`, 0 for any free one. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535, like 8474');
  return Number(text);
}

/** `--seed N`, as Toxiproxy takes it. */
export function parseSeed(text: string): number {
  if (!/^-?\d{1,30}$/.test(text)) throw new InvalidArgumentError('expected a whole number, like 7');
  // Nanoseconds since 1970 are a seed to Toxiproxy, and more than a number holds.
  return Number(BigInt(text) % BigInt(Number.MAX_SAFE_INTEGER));
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
