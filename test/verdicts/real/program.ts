/** Programs of the distribution that stand in for real callers: found where they are installed, started without a shell, ended with the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { freePorts } from '../../../src/orchestrator/services/free-ports.js';

const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
const READY_TRIES = 1_200;
const READY_WAIT_MS = 25;

/** Its path; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function missingProgram(name: string, debianPackage = name): string | undefined {
  return findProgram(name) === undefined ? notInstalled(name, debianPackage) : undefined;
}

/** A file of a package of Debian's that is not there. */
export function missingFile(path: string, debianPackage: string): string | undefined {
  return existsSync(path) ? undefined : notInstalled(path, debianPackage);
}

function notInstalled(what: string, debianPackage: string): string {
  return `${what} is not installed: apt-get install ${debianPackage}`;
}

export interface Program extends AsyncDisposable {
  /** Has it stand still, or go on. */
  pause(isPaused: boolean): void;
}

/** Ends the program when disposed of. Every line that it writes is told with the instant at which it came. */
export async function startListening(
  name: string,
  { args, port, onLine }: { args: readonly string[]; port: number; onLine: (line: string, atMs: number) => void },
): Promise<Program> {
  const child = spawn(findProgram(name) ?? name, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine(line, hostClock.nowMs());
    });
  }
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries >= READY_TRIES || child.exitCode !== null) {
      await end();
      throw new Error(`${name} does not listen on port ${port}: ${lines.join('\n')}`);
    }
    await sleep(hostClock, READY_WAIT_MS);
  }
  return { pause: (isPaused) => child.kill(isPaused ? 'SIGSTOP' : 'SIGCONT'), [Symbol.asyncDispose]: end };
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}

/** One that nobody listens on now. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
