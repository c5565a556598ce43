/**
 * What `lab run` is to run: every variant of every experiment, once for each seed. All of them are planned before anything is started, so that a
 * mistake in the last file costs nothing.
 */
import { LabError } from '../../core/errors.js';
import { didYouMean } from '../../core/suggest.js';
import type { Plan, PlannedVariant, RequiredProgram } from '../../experiment/plan.js';
import { planDurationMs } from '../../experiment/timeline.js';
import { expandPaths, planFile } from '../experiment-files.js';

export interface LabCase {
  experiment: string;
  /** As a person in this folder would name it. */
  file: string;
  /** Left out where the experiment has none. */
  variant?: string;
  expected: PlannedVariant;
  requires: readonly RequiredProgram[];
  seed: number;
  /** If nothing holds it up; starting and stopping services comes on top. */
  plannedMs: number;
}

export interface Selection {
  /** Names of experiments; empty: all. */
  only: readonly string[];
  /** Of this variant alone; experiments that do not have it are left out. */
  variant?: string | undefined;
  /** The first one; the experiment's own if omitted. */
  seed?: number | undefined;
  /** How many seeds, counted up from the first. */
  seeds: number;
}

/** An experiment without variants is expected to pass. */
const PASSES: PlannedVariant = { expect: 'pass', failing: [] };

/** Rejects with USAGE for a name that nothing has, and as `planFile` does. */
export async function labCases(paths: readonly string[], selection: Selection): Promise<readonly LabCase[]> {
  const files: { file: string; plan: Plan }[] = [];
  for (const file of await expandPaths(paths)) files.push({ file, plan: await planFile(file, { variables: {}, seed: selection.seed }) });
  const chosen = selectFiles(files, selection);
  const cases: LabCase[] = [];
  for (const { file, plan } of chosen) {
    for (const variant of variantsOf(plan, selection)) {
      const planned = variant === undefined ? plan : await planFile(file, { variables: {}, variant, seed: plan.recorded.seed });
      const expected = (variant === undefined ? undefined : plan.variants[variant]) ?? PASSES;
      for (let i = 0; i < selection.seeds; i++) {
        cases.push({
          experiment: plan.recorded.title,
          file: plan.recorded.file,
          ...(variant !== undefined && { variant }),
          expected,
          requires: plan.requires ?? [],
          seed: plan.recorded.seed + i,
          plannedMs: planDurationMs(planned),
        });
      }
    }
  }
  return cases;
}

function selectFiles(files: readonly { file: string; plan: Plan }[], { only, variant }: Selection) {
  const titles = files.map(({ plan }) => plan.recorded.title);
  const unknown = only.find((name) => !titles.includes(name));
  if (unknown !== undefined)
    throw new LabError('USAGE', { problem: `--only ${unknown}: no experiment is called so${didYouMean(unknown, titles)}` });
  const named = files.filter(({ plan }) => only.length === 0 || only.includes(plan.recorded.title));
  const variants = [...new Set(named.flatMap(({ plan }) => Object.keys(plan.variants)))];
  if (variant === undefined || variants.includes(variant)) return named;
  throw new LabError('USAGE', { problem: `--variant ${variant}: none of these experiments has it${didYouMean(variant, variants)}` });
}

function variantsOf({ variants }: Plan, { variant }: Selection): readonly (string | undefined)[] {
  const names = Object.keys(variants);
  if (variant !== undefined) return names.filter((name) => name === variant);
  return names.length === 0 ? [undefined] : names;
}
