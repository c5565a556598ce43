/** Runs one command line inside the test's own process and keeps what it said. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CliContext } from '../../src/cli/command.js';
import { Home } from '../../src/cli/home.js';
import { main } from '../../src/cli/program.js';
import { ControlServer } from '../../src/control/server.js';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';

export interface Said {
  code: number;
  out: string;
  err: string;
}

export interface Session {
  context: CliContext;
  /** What was said so far. */
  said(): Said;
  interrupt(name: string): void;
}

/** Within a test: its home goes with it. */
export function session(): Session {
  const home = createHome();
  onTestFinished(() => removeHome(home));
  return sessionIn(home);
}

function createHome(): string {
  return mkdtempSync(join(tmpdir(), 'faultlab-home-'));
}
function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true });
}

/** Outside of tests: nothing of it is made until somebody writes there. */
export function sessionIn(home: string): Session {
  const out: string[] = [];
  const err: string[] = [];
  let code = 0;
  const stop = new AbortController();
  const context: CliContext = {
    clock: hostClock,
    version: '1.2.3',
    self: [process.execPath, fileURLToPath(new URL('../../dist/main.js', import.meta.url))],
    home: new Home(home),
    labFolder: fileURLToPath(new URL('../../dist/lab', import.meta.url)),
    pageFolder: fileURLToPath(new URL('../../dist/live', import.meta.url)),
    say: (line) => out.push(line),
    warn: (line) => err.push(line),
    colour: false,
    terminal: false,
    width: 100,
    exit: (c) => {
      code = c;
    },
    interrupted: stop.signal,
  };
  return { context, said: () => ({ code, out: out.join('\n'), err: err.join('\n') }), interrupt: (name) => stop.abort(name) };
}

export async function cli(...argv: string[]): Promise<Said> {
  const home = createHome();
  try {
    const { context, said } = sessionIn(home);
    await main(argv, context);
    return said();
  } finally {
    removeHome(home);
  }
}

/** A daemon in this process with its API on a free port. */
export async function startDaemon(): Promise<{ url: string; daemon: Daemon } & AsyncDisposable> {
  const daemon = new Daemon({ clock: hostClock, environment: 'local' });
  const server = new ControlServer({ daemon, version: '1.2.3', host: '127.0.0.1', port: 0 });
  const url = await server.listen();
  return {
    url,
    daemon,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}
