#!/usr/bin/env node
/** The program: the real clock, the real terminal, argv and the exit code. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import type { CliContext } from './cli/command.js';
import { Home } from './cli/home.js';
import { hostKeyboard } from './cli/keyboard.js';
import { LastResort } from './cli/last-resort.js';
import { main } from './cli/program.js';
import { hostClock } from './core/clock.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const interrupted = new AbortController();
const terminal = process.stdout.isTTY === true;
let exitCode = 0;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // A terminal that is closed hangs up more than once.
    if (interrupted.signal.aborted && name === 'SIGHUP') return;
    // The second time somebody means it: leases end what is still on.
    if (interrupted.signal.aborted) {
      process.stderr.write(`faultlab: ${name} again: ending at once; faults that are still on end when their lease runs out\n`);
      process.exit(5);
    }
    interrupted.abort(name);
  });
}
const lastResort = new LastResort({
  clock: hostClock,
  warn: (line) => void process.stderr.write(`${line}\n`),
  interrupted,
  end: (code) => process.exit(code),
});
// Rejections that nobody handles come here as well. Left to Node either ends with 1, which says that a promise was broken.
process.on('uncaughtException', (error) => lastResort.take(error));
// A reader that goes away (`faultlab … | head`, a terminal that is closed) is not an error of ours, and no reason to leave faults on.
for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => {});

const context: CliContext = {
  clock: hostClock,
  version,
  self: [process.execPath, fileURLToPath(import.meta.url)],
  home: new Home(process.env['FAULTLAB_HOME'] ?? join(homedir(), '.faultlab')),
  labFolder: fileURLToPath(new URL('lab', import.meta.url)),
  pageFolder: fileURLToPath(new URL('live', import.meta.url)),
  say: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
  terminal,
  colour: terminal && pc.isColorSupported,
  get width() {
    // A terminal that does not know its size says 0.
    return process.stdout.columns || 100;
  },
  keyboard: hostKeyboard(),
  exit: (code) => {
    exitCode = code;
  },
  interrupted: interrupted.signal,
};

await main(process.argv.slice(2), context);
exitCode = lastResort.exitOf(exitCode);
process.exitCode = exitCode;
// Sockets that linger (keep-alive, a proxy's last bytes) must not keep a command from ending.
process.stdout.write('', () => process.exit(lastResort.exitOf(exitCode)));
