/** How many requests the load will send in a stretch of the run, reckoned before it starts. */
import type { Catalogs } from './catalogs.js';
import type { Plan } from './plan.js';

/** Counted from the start of the load, warm-up included. */
export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** When the method begins. */
export function methodStartMs({ load, baselineMs }: Plan): number {
  return (load?.warmUpMs ?? 0) + baselineMs;
}

/** Undefined: there is no load, or it depends on the answers how many requests it sends. */
export function demandIn(plan: Plan, { fromMs, toMs }: Stretch, { loadModels }: Pick<Catalogs, 'loadModels'>): number | undefined {
  if (plan.load === undefined) return undefined;
  let total = 0;
  for (const { model } of plan.load.scenarios) {
    const dueUntil = loadModels.get(model.name)?.dueUntil;
    if (dueUntil === undefined) return undefined;
    // What the model's own schema made of the text is what it takes.
    const until = (ms: number): number => dueUntil(model.params as never, ms);
    total += until(toMs) - until(fromMs);
  }
  return total;
}
