/** From what a person typed (files, folders, `--var`) to plans. */
import { randomInt } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import { readAgenda, withPeople } from '../experiment/agenda.js';
import type { ReadIncluded } from '../experiment/include.js';
import { type LoadedExperiment, loadExperiment } from '../experiment/load.js';
import type { Plan } from '../experiment/plan.js';
import { planExperiment } from '../experiment/plan-experiment.js';
import type { AgendaText } from '../experiment/schema/agenda.js';

export type Variables = Readonly<Record<string, string>>;

/** Collects `--var name=value` options. */
export function collectVariable(text: string, variables: Variables): Variables {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('expected name=value');
  return { ...variables, [text.slice(0, equals)]: text.slice(equals + 1) };
}

export interface PlanOptions {
  variables: Variables;
  /** Every file must have it. */
  variant?: string | undefined;
  /** Wins over the file's; drawn if neither names one. */
  seed?: number | undefined;
}

/** A plan, and where it came from. */
export interface PlannedFile {
  plan: Plan;
  /** The game day that names it, where one does. */
  agenda?: { file: string; questions: readonly string[] };
}

/**
 * Files, folders of them in order of name, and game days of several experiments, all planned before anything is started: a mistake in the last one
 * costs nothing then. Rejects with PLAN_INVALID, INPUT_UNKNOWN, VARIANT_UNKNOWN or FILE_UNREADABLE.
 */
export async function planFiles(paths: readonly string[], options: PlanOptions): Promise<readonly PlannedFile[]> {
  const planned: PlannedFile[] = [];
  for (const file of await expandPaths(paths)) {
    const text = await textOf(file);
    const agenda = readAgenda({ text, file: shownName(file) });
    if (agenda === undefined) planned.push({ plan: planOf({ file, text }, options) });
    else planned.push(...(await planAgenda(file, agenda, options)));
  }
  return planned;
}

/** One experiment. Rejects as `planFiles` does. */
export async function planFile(file: string, options: PlanOptions): Promise<Plan> {
  return planOf({ file, text: await textOf(file) }, options);
}

/** A text of somebody who has no file here: it can include nothing, and name no other experiments. Throws PLAN_INVALID, INPUT_UNKNOWN, VARIANT_UNKNOWN or USAGE. */
export function planText(given: { text: string; file: string }, options: PlanOptions): Plan {
  if (readAgenda(given) !== undefined)
    throw new LabError('USAGE', {
      problem: `${given.file} names other experiments: it has to lie in a folder beside them, for \`faultlab run\``,
    });
  return planLoaded(loadExperiment({ ...given, variables: options.variables, variant: options.variant }), options);
}

async function planAgenda(file: string, agenda: AgendaText, { variables, variant, seed }: PlanOptions): Promise<readonly PlannedFile[]> {
  const { experiments } = agenda;
  const planned: PlannedFile[] = [];
  for (const [i, { file: name, vars }] of experiments.entries()) {
    const plan = await planFile(besides(file, name), { variables: { ...vars, ...variables }, variant, seed });
    const place = { isFirst: i === 0, isLast: i === experiments.length - 1 };
    planned.push({ plan: withPeople(plan, agenda, place), agenda: { file: shownName(file), questions: agenda.questions ?? [] } });
  }
  return planned;
}

/** A file that a game day names. Throws FILE_UNREADABLE if it may not name it. */
function besides(agenda: string, name: string): string {
  try {
    return insideOf(agenda, name, agenda);
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file: name, reason: `${shownName(agenda)} names it: ${reasonOf(error)}` }, { cause: error });
  }
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

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error });
  }
}

function planOf({ file, text }: { file: string; text: string }, { variables, variant, seed }: PlanOptions): Plan {
  return planLoaded(loadExperiment({ text, file: shownName(file), variables, variant, readIncluded: includedBeside(file) }), { seed });
}

function planLoaded(loaded: LoadedExperiment, { seed }: Pick<PlanOptions, 'seed'>): Plan {
  return planExperiment({ ...loaded, seed: seed ?? loaded.experiment.seed ?? randomInt(1, 2 ** 31 - 1) });
}

function shownName(file: string): string {
  const name = relative(process.cwd(), file);
  return name.startsWith('..') ? file : name;
}

function includedBeside(experiment: string): ReadIncluded {
  return (name, from) => {
    const file = insideOf(experiment, name, from);
    return { text: readFileSync(file, 'utf8'), file: shownName(file) };
  };
}

/** `name` as `from` names it: at or below the folder of the experiment, or the one that the command was started in. A file from a stranger may not show others. */
function insideOf(experiment: string, name: string, from: string): string {
  const file = resolve(dirname(from), name);
  const real = realpathSync(file);
  const isInside = [dirname(resolve(experiment)), process.cwd()].some((folder) => real.startsWith(`${realpathSync(folder)}${sep}`));
  if (isAbsolute(name) || !isInside) throw new Error('expected a file at or below this folder or the one the command was started in');
  return file;
}

/** `--seed N`. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('expected a whole number from 0 up');
  return seed;
}
