/** Redis servers of Debian's package, and what their own command line tells and sets. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, freePort, startListening } from './program.js';
import type { Callee } from './stage.js';

/** Without files, and with replicas that are served at once. */
export async function startRedis(): Promise<Callee> {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-redis-'));
  const port = await freePort();
  const settings = { port: `${port}`, bind: '127.0.0.1', save: '', dir: folder, 'repl-diskless-sync-delay': '0', 'repl-timeout': '5' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = await startListening('redis-server', { args, port, onLine: () => {} });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a server answers to one command. */
export async function tellRedis(port: number, ...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(findProgram('redis-cli') ?? 'redis-cli', ['-p', `${port}`, ...command]);
  return stdout;
}
