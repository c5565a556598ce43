/**
 * Cycles of a product that is told by scenes: what it does when it is good, ways to be bad, and ways to be put to no test. What a figure should have been
 * is known from the scene, so estimates are held against it. Every scene is disturbed.
 */
import type { RunRecord } from '../../../src/journal/record.js';
import type { Judgement } from '../../../src/verify/check.js';
import type { Cell, CycleOutcome, Product, SimulatedProduct } from '../product.js';

export interface SceneProduct<Scene> extends Product {
  play(scene: Scene & { seed: number; isDisturbed: boolean }): RunRecord;
  judge(record: RunRecord): Judgement;
  scenes: Readonly<Record<Cell, readonly Scene[]>>;
  /** Of good ones. A number is compared by how far it is off, a text must be the same; undefined where the scene does not tell. */
  truths: readonly Truth<Scene>[];
}

interface Truth<Scene> {
  /** As it stands in the table. */
  name: string;
  /** What the check calls it. */
  measured: string;
  of(scene: Scene): number | string | undefined;
}

export function simulatedScenes<Scene>(product: SceneProduct<Scene>): SimulatedProduct {
  const { name, summary, kind, errorsMax } = product;
  return { name, summary, kind, errorsMax, cycle: (cell, seed) => cycleOf(product, cell, seed) };
}

function cycleOf<Scene>(product: SceneProduct<Scene>, cell: Cell, seed: number): CycleOutcome {
  const scenes = product.scenes[cell];
  const scene = scenes[seed % scenes.length];
  if (scene === undefined) throw new Error(`${product.name} has no ${cell} scene`);
  const judgement = product.judge(product.play({ ...scene, seed, isDisturbed: true }));
  const { verdict, summary } = judgement;
  const compared = cell === 'good' ? compare(product.truths, scene, judgement) : { errors: {}, exact: {} };
  return { cell, verdict, summary: `seed ${seed}: ${summary}`, isUnlucky: false, ...compared };
}

function compare<Scene>(
  truths: readonly Truth<Scene>[],
  scene: Scene,
  { measurements }: Judgement,
): Pick<CycleOutcome, 'errors' | 'exact'> {
  const errors: Record<string, number[]> = {};
  const exact: Record<string, boolean[]> = {};
  for (const { name, measured, of } of truths) {
    const truth = of(scene);
    const value = measurements.find((measurement) => measurement.name === measured)?.value;
    if (typeof truth === 'number') errors[name] = [typeof value === 'number' ? Math.abs(value - truth) : Number.POSITIVE_INFINITY];
    else if (truth !== undefined) exact[name] = [value === truth];
  }
  return { errors, exact };
}
