/** Asks a probe of the steady state in the middle of the method: it must be met now, or the run stops. */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { didYouMean } from '../../core/suggest.js';
import { defineStepKind } from './step-kind.js';

const schema = z.strictObject({
  name: z.string().meta({ description: 'a probe of the steady state' }),
  onFailure: z.enum(['stop', 'continue']).default('stop').meta({ description: 'what becomes of the run when it is not met' }),
});

export const probe = defineStepKind({
  name: 'probe',
  summary: 'Ask a probe of the steady state now; not met, it stops the run.',
  example: { name: 'one-leader' },
  schema: () => schema.meta({ description: 'a probe that must be met now' }),
  resolve: ({ name, onFailure }: z.output<typeof schema>, { planned, path, complain }) => {
    const asked = planned.probes.find((candidate) => candidate.name === name);
    const names = planned.probes.map((candidate) => candidate.name);
    if (asked === undefined) {
      complain([...path, 'name'], `unknown probe "${name}"${didYouMean(name, names)}`);
      return undefined;
    }
    const params = { probe: name, onFailure };
    return {
      params,
      rehearsed: { ...params, onFailure: 'continue' as const },
      summary: `${asked.expectation}, else ${onFailure}`,
      takesMs: 0,
    };
  },
  carryOut: async ({ name: step, params: { probe: name, onFailure } }, { ask }, signal) => {
    const result = await ask(name, signal);
    if (result === 'met' || onFailure === 'continue') return;
    throw new LabError('STEP_FAILED', { step, reason: `probe ${name} is ${result === 'notMet' ? 'not met' : 'undecided'}` });
  },
});
