/** From what a person typed (files, folders, `--var`) to plans. */
import { randomInt } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import type { ReadIncluded } from '../experiment/include.js';
import { loadExperiment } from '../experiment/load.js';
import type { Plan } from '../experiment/plan.js';
import { planExperiment } from '../experiment/plan-experiment.js';

export type Variables = Readonly<Record<string, string>>;

/** Collects `--var name=value` options. */
export function collectVariable(text: string, variables: Variables): Variables {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('expected name=value');
  return { ...variables, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** Folders become the experiments in them, in order of name. Rejects with FILE_UNREADABLE. */
export async function expandPaths(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      if (!(await stat(path)).isDirectory()) files.push(path);
      else {
        const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
        if (names.length === 0) throw new Error('the folder holds no .yaml file');
        files.push(...names.map((name) => join(path, name)));
      }
    } catch (error) {
      throw new LabError('FILE_UNREADABLE', { file: path, reason: reasonOf(error) }, { cause: error });
    }
  }
  return files;
}

export interface PlanOptions {
  variables: Variables;
  /** Wins over the file's; drawn if neither names one. */
  seed?: number | undefined;
}

/** Rejects with PLAN_INVALID, INPUT_UNKNOWN or FILE_UNREADABLE. */
export async function planFile(file: string, { variables, seed }: PlanOptions): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  }
  const loaded = loadExperiment({ text, file: shownName(file), variables, readIncluded: includedBeside(file) });
  return planExperiment({ ...loaded, seed: seed ?? loaded.experiment.seed ?? randomInt(1, 2 ** 31 - 1) });
}

function shownName(file: string): string {
  const name = relative(process.cwd(), file);
  return name.startsWith('..') ? file : name;
}

/** Files at or below the folder of the experiment, or the one that the command was started in: a file from a stranger may not show others. */
function includedBeside(experiment: string): ReadIncluded {
  return (name, from) => {
    const file = resolve(dirname(from), name);
    const real = realpathSync(file);
    const isInside = [dirname(resolve(experiment)), process.cwd()].some((folder) => real.startsWith(`${realpathSync(folder)}${sep}`));
    if (isAbsolute(name) || !isInside) throw new Error('expected a file at or below this folder or the one the command was started in');
    return { text: readFileSync(file, 'utf8'), file: shownName(file) };
  };
}

/** `--seed N`. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('expected a whole number from 0 up');
  return seed;
}
