/** A defence written in Go: one of `programs/*.go`, built here by Debian's Go from the libraries of Debian's packages, which it takes for its GOPATH. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CallerProgram, PROGRAMS, type Said, startCaller } from './caller-program.js';
import { findProgram, missingFile, missingProgram } from './program.js';

const GOPATH = '/usr/share/gocode';

export function missingGo(library: string, debianPackage: string): string | undefined {
  return missingProgram('go', 'golang-go') ?? missingFile(join(GOPATH, 'src', library), debianPackage);
}

export async function startGo(
  source: string,
  { args, onSaid }: { args: readonly string[]; onSaid: (said: Said) => void },
): Promise<CallerProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-go-'));
  const command = join(folder, 'program');
  const env = { ...process.env, GO111MODULE: 'off', GOPATH };
  await promisify(execFile)(findProgram('go') ?? 'go', ['build', '-o', command, join(PROGRAMS, source)], { env });
  const program = await startCaller({ command, argsOf: (port) => [`${port}`, ...args], onSaid });
  return {
    ...program,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
