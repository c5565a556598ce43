/**
 * Asks a probe in the middle of the method: one of the steady state by its name, or one that stands in the step itself and is asked here alone. It
 * must be met now, or the run stops.
 */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { didYouMean } from '../../core/suggest.js';
import { parseInto, readBy } from '../../core/written.js';
import { resolveProbe } from '../../experiment/resolve/probes.js';
import { type QuestionText, questionSchema } from '../../experiment/schema/steady-state.js';
import { defineStepKind, type StepContext } from './step-kind.js';

const shape = {
  onFailure: z.enum(['stop', 'continue']).default('stop').meta({ description: 'what becomes of the run when it is not met' }),
};
const named = z.strictObject({ name: z.string().meta({ description: 'a probe of the steady state' }), ...shape });
type Given = z.output<typeof named> | (QuestionText & Pick<z.output<typeof named>, 'onFailure'>);

/** What has a type is a probe itself: so slips are explained by what was meant. */
function probeSchema(question: z.ZodType<Given, unknown>): z.ZodType<Given, unknown> {
  return readBy(
    () => z.union([named, question]).meta({ description: 'a probe that must be met now: the name of one, or one itself' }),
    (value, context): Given => {
      const isOne = value !== null && typeof value === 'object' && 'type' in value;
      return parseInto(isOne ? question : named, value, context) ?? z.NEVER;
    },
  );
}

export const probe = defineStepKind({
  name: 'probe',
  summary: 'Ask a probe of the steady state now, or one that stands here; not met, it stops the run.',
  example: { name: 'one-leader' },
  schema: ({ probes }) => probeSchema(questionSchema(probes, shape)),
  resolve: (given: Given, context) => {
    const { onFailure } = given;
    const asked =
      'type' in given ? resolveProbe(given, { name: context.step, path: context.path }, context) : probeNamed(given.name, context);
    if (asked === undefined) return undefined;
    const executes = context.catalogs.probes.get(asked.type)?.executes === true;
    return {
      params: { probe: asked, onFailure },
      rehearsed: { probe: asked, onFailure: 'continue' as const },
      summary: `${asked.expectation}, else ${onFailure}`,
      takesMs: 0,
      ...(executes && { executes: asked.expectation }),
    };
  },
  carryOut: async ({ name: step, params: { probe: asked, onFailure } }, { ask }, signal) => {
    const result = await ask(asked, signal);
    if (result === 'met' || onFailure === 'continue') return;
    throw new LabError('STEP_FAILED', { step, reason: `probe ${asked.name} is ${result === 'notMet' ? 'not met' : 'undecided'}` });
  },
});

function probeNamed(name: string, { planned, path, complain }: StepContext) {
  const found = planned.probes.find((candidate) => candidate.name === name);
  const names = planned.probes.map((candidate) => candidate.name);
  if (found === undefined) complain([...path, 'name'], `unknown probe "${name}"${didYouMean(name, names)}`);
  return found;
}
