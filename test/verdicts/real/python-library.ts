/** A defence written in Python: one of `programs/*_client.py`, run by Debian's own Python, which knows Debian's packages. */
import { join } from 'node:path';
import { type CallerProgram, PROGRAMS, type Said, startCaller } from './caller-program.js';
import { missingFile } from './program.js';

const PYTHON = '/usr/bin/python3';
const PACKAGES = '/usr/lib/python3/dist-packages';

export function missingPython(library: string): string | undefined {
  return missingFile(join(PACKAGES, library), `python3-${library.replace('.py', '')}`);
}

export function startPython(
  script: string,
  { args, onSaid }: { args: readonly string[]; onSaid: (said: Said) => void },
): Promise<CallerProgram> {
  // -B: or it would leave compiled files beside the sources.
  return startCaller({ command: PYTHON, argsOf: (port) => ['-B', join(PROGRAMS, script), `${port}`, ...args], onSaid });
}
