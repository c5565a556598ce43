/**
 * `variants:` — one experiment with its defence and without it, each with the verdict that it is expected to have. A variant gives inputs their
 * values and changes nothing else, so what it stands for can also be had with `--var`, which wins over it.
 */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { isMap } from '../../core/is-map.js';
import { didYouMean } from '../../core/suggest.js';
import { type InputDeclaration, inputProblem } from './inputs.js';
import { name, processText } from './words.js';

const VARIANTS_MAX = 50;

const variant = z
  .strictObject({
    inputs: z.record(name(), processText()).default({}).meta({ description: 'values of inputs, as --var would give them' }),
    expect: z.enum(['pass', 'fail']).meta({ description: 'the verdict that the run is to have' }),
    failing: z
      .array(name())
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'with expect: fail: promises that must be among the broken ones, by their names under verify' }),
  })
  .superRefine(({ expect, failing }, context) => {
    if ((expect === 'fail') === (failing !== undefined)) return;
    const message = expect === 'fail' ? 'expected the names of the promises that break' : 'expected only beside expect: fail';
    context.addIssue({ code: 'custom', path: ['failing'], message });
  });

export const variantsSchema = z
  .record(name(), variant)
  .refine((variants) => Object.keys(variants).length <= VARIANTS_MAX, `expected at most ${VARIANTS_MAX} variants`)
  .meta({ description: 'the same experiment with its defence and without, as `faultlab run --variant NAME` runs it' });

export type Variants = z.output<typeof variantsSchema>;

/** What a variant gives to an input has to be declared, and of its type. */
export function checkVariants(
  { variants, inputs }: { variants: Variants; inputs: Readonly<Record<string, InputDeclaration>> },
  context: z.core.$RefinementCtx,
): void {
  for (const [variant, { inputs: values }] of Object.entries(variants)) {
    for (const [input, text] of Object.entries(values)) {
      const declared = Object.hasOwn(inputs, input) ? inputs[input] : undefined;
      const problem = declared === undefined ? `unknown input${didYouMean(input, Object.keys(inputs))}` : inputProblem(declared, text);
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['variants', variant, 'inputs', input], message: problem });
    }
  }
}

/** What a variant of an unchecked document gives to inputs. Throws VARIANT_UNKNOWN; whatever else is wrong is left to the schema. */
export function variantInputs(document: unknown, variant: string): Readonly<Record<string, string>> {
  const variants = isMap(document) && isMap(document['variants']) ? document['variants'] : {};
  const found = Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  if (found === undefined) throw new LabError('VARIANT_UNKNOWN', { name: variant, instead: didYouMean(variant, Object.keys(variants)) });
  const inputs = isMap(found) && isMap(found['inputs']) ? found['inputs'] : {};
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([input, value]) => (typeof value === 'object' ? [] : [[input, String(value)]])),
  );
}
