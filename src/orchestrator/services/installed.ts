/** Which programs that a plan requires are not there. Looked for where a service's `argv` would find them, before anything is started. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabError } from '../../core/errors.js';
import type { Plan, RequiredProgram } from '../../experiment/plan.js';

/** `path`: folders to look in, as in the variable of that name. */
export function missingPrograms({ requires = [] }: Pick<Plan, 'requires'>, path: string): readonly RequiredProgram[] {
  return requires.filter(({ program }) => findProgram(program, path) === undefined);
}

/** Throws PROGRAM_MISSING, naming all that are not there. */
export function requirePrograms(plan: Pick<Plan, 'requires'>, path: string): void {
  const missing = missingPrograms(plan, path);
  if (missing.length > 0) throw new LabError('PROGRAM_MISSING', wordsOf(missing));
}

/** Names of the programs, and of the packages to install. */
export function wordsOf(missing: readonly RequiredProgram[]): { programs: string; packages: string } {
  return {
    programs: missing.map(({ program }) => program).join(', '),
    packages: [...new Set(missing.map((one) => one.package))].join(' '),
  };
}

function findProgram(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
