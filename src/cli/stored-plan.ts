/** The plan of a run, kept beside its journal: whatever becomes of the experiment's file, the run can be repeated. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LabError, reasonOf } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import type { RunFolder } from '../journal/store.js';

/** Raised when a plan of before cannot be carried out any more. */
const FORMAT = 1;

/** What is written is this program's own, in the user's own folder; only that it is a plan of this format is asked. */
const storedPlanSchema = z.object({
  format: z.literal(FORMAT),
  plan: z.looseObject({ recorded: z.looseObject({ seed: z.number() }), steps: z.array(z.unknown()), links: z.array(z.unknown()) }),
});

/** Rejects with JOURNAL_FAILED. */
export function storePlan(folder: RunFolder, plan: Plan): Promise<void> {
  return folder.writePlan(`${JSON.stringify({ format: FORMAT, plan })}\n`);
}

/** Rejects with RUN_UNREPEATABLE. */
export async function readPlan(folder: RunFolder): Promise<Plan> {
  try {
    const { plan } = storedPlanSchema.parse(JSON.parse(await readFile(folder.plan, 'utf8')));
    return plan as unknown as Plan;
  } catch (error) {
    const reason = error instanceof z.ZodError ? `${folder.plan} is not a plan of this version` : reasonOf(error);
    throw new LabError('RUN_UNREPEATABLE', { run: folder.run, reason }, { cause: error });
  }
}
