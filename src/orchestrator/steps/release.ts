/** Lets go what the fault of another step holds: the paused process wakes up, the old write arrives after the failover. */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { faultReleaseSchema } from '../../dataplane/faults/spec.js';
import { faultId } from '../fault-id.js';
import { defineStepKind } from './step-kind.js';

const schema = z.strictObject({
  step: z.string().meta({ description: 'the fault step whose fault holds messages' }),
  count: faultReleaseSchema.shape.count,
});

export const release = defineStepKind({
  name: 'release',
  summary: 'Let go on what the fault of a step holds, while it is on.',
  example: { step: 'old-write', count: 1 },
  schema: () => schema.meta({ description: 'let go on what a fault holds, while it is on' }),
  resolve: ({ step: named, count }: z.output<typeof schema>, context) => {
    const path = [...context.path, 'step'];
    const step = context.faultNamed(named, path);
    if (step === undefined) return undefined;
    const summary = `let go ${count === undefined ? 'all' : `the first ${count}`} that ${step} holds`;
    return { params: { step, count }, summary, takesMs: 0, whileOn: { step, path, isReleased: true } };
  },
  /** That nothing was held is written down as such: whoever judges knows what that means. */
  carryOut: async ({ params: { step, count } }, { driver, journal, run }) => {
    const fault = faultId(run, step);
    const { released, held } = await driver.releaseHeld(fault, { count }).catch(nothingReleased);
    journal.append({ type: 'faultReleased', fault, step, released, held });
  },
});

function nothingReleased(error: unknown): { released: number; held: number } {
  if (error instanceof LabError && (error.code === 'FAULT_HOLDS_NOTHING' || error.code === 'FAULT_UNKNOWN'))
    return { released: 0, held: 0 };
  throw error;
}
