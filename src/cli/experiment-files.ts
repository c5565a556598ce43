/** From what a person typed (files, folders, `--var`) to plans. */
import { randomInt } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
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
  const name = relative(process.cwd(), file);
  const loaded = loadExperiment({ text, file: name.startsWith('..') ? file : name, variables });
  return planExperiment({ ...loaded, seed: seed ?? loaded.experiment.seed ?? randomInt(1, 2 ** 31 - 1) });
}

/** `--seed N`. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('expected a whole number from 0 up');
  return seed;
}
