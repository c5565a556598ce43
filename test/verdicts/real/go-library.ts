/** A defence written in Go: one of `programs/*.go`, built here by Debian's Go from the libraries of Debian's packages, which it takes for its GOPATH. */
import { execFile } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type CallerProgram, PROGRAMS, type Said, startCaller } from './caller-program.js';
import { findProgram, missingFile, missingProgram } from './program.js';

const GOPATH = '/usr/share/gocode';

export function missingGo(library: string, debianPackage: string): string | undefined {
  return missingProgram('go', 'golang-go') ?? missingFile(join(GOPATH, 'src', library), debianPackage);
}

/** By source, where the program is: once built, Go sees that it need not be built again. */
const built = new Map<string, Promise<string>>();

async function build(source: string): Promise<string> {
  const program = resolve('node_modules', '.cache', 'faultlab-go', basename(source, '.go'));
  const env = { ...process.env, GO111MODULE: 'off', GOPATH };
  await promisify(execFile)(findProgram('go') ?? 'go', ['build', '-o', program, join(PROGRAMS, source)], { env });
  return program;
}

export async function startGo(
  source: string,
  { args, onSaid }: { args: readonly string[]; onSaid: (said: Said) => void },
): Promise<CallerProgram> {
  const building = built.get(source) ?? build(source);
  built.set(source, building);
  return startCaller({ command: await building, argsOf: (port) => [`${port}`, ...args], onSaid });
}
