/** The whole experiment file as one strict schema, built from the catalogs. Defaults live here and nowhere else. */
import { z } from 'zod';
import type { Catalogs } from '../catalogs.js';
import { checkKind, gameDayFields } from './game-day.js';
import { inputsSchema } from './inputs.js';
import { loadSchema } from './load.js';
import { methodSchema } from './method.js';
import { notifySchema } from './notify.js';
import { playSchema } from './play.js';
import { requiresSchema } from './requires.js';
import { steadyStateSchema } from './steady-state.js';
import { stopConditionsSchema } from './stop-conditions.js';
import { teachesSchema } from './teaches.js';
import { topologySchema } from './topology.js';
import { checkVariants, variantsSchema } from './variants.js';
import { verifySchema } from './verify.js';
import { name, oneOrMore } from './words.js';

export const API_VERSION = 'faultlab/v1';

export const metadata = z.strictObject({
  name: name().meta({ description: 'title of runs and reports' }),
  description: z.string().max(4_000).optional().meta({ description: 'the hypothesis, in a few sentences' }),
  owner: z.string().max(200).optional().meta({ description: 'who answers for it' }),
  runbook: z.string().max(2_000).optional().meta({ description: 'where to look when it goes wrong' }),
  labels: z.record(z.string(), z.string()).optional().meta({ description: 'free words for sorting runs' }),
});

const rollback = z.strictObject({
  strategy: z.enum(['always', 'never', 'deviated']).default('always').meta({
    description:
      'faults still on at an early end: taken back at once; left to their leases; or taken back only if the system or the run was not well',
  }),
  confirm: z
    .literal(true)
    .default(true)
    .meta({ description: 'healing is read back from the daemon, and every faulted link must accept a connection' }),
});

const report = (formats: readonly string[]) =>
  z.strictObject({
    formats: z
      .array(z.enum(formats as [string, ...string[]]))
      .max(10)
      .default(formats.filter((format) => format === 'html' || format === 'json'))
      .meta({ description: 'report files to write into the run folder' }),
    baseline: z
      .enum(['last-pass'])
      .optional()
      .meta({ description: 'the run to compare with at the end: the last one of this experiment that passed; told, not judged' }),
  });

const built = new WeakMap<Catalogs, ReturnType<typeof buildSchema>>();

/** The schema of these catalogs. It is built once: to build it, and to ready it for its first use, takes longer than to check a plan. */
export function experimentSchema(catalogs: Catalogs): ReturnType<typeof buildSchema> {
  const schema = built.get(catalogs) ?? buildSchema(catalogs);
  built.set(catalogs, schema);
  return schema;
}

function buildSchema(catalogs: Catalogs) {
  return z
    .strictObject({
      apiVersion: z.literal(API_VERSION).meta({ description: 'version of this language' }),
      kind: z.enum(['Experiment', 'GameDay']).meta({ description: 'one method with one hypothesis; or that with people, in acts' }),
      include: oneOrMore(z.string()).optional().meta({
        description:
          'files with parts of the experiment, like a shared topology; relative to this one, which counts where both say something',
      }),
      metadata: metadata.meta({ description: 'what people call it' }),
      environment: name().default('local').meta({ description: 'must equal the daemon’s own, else nothing is injected' }),
      seed: z.int().min(0).optional().meta({ description: 'of all chance in the run; drawn, shown and stored if omitted' }),
      inputs: inputsSchema.default({}),
      requires: requiresSchema.default([]),
      variants: variantsSchema.default({}),
      teaches: teachesSchema.optional(),
      play: playSchema.optional(),
      topology: topologySchema(catalogs).meta({ description: 'who there is and who calls whom' }),
      load: loadSchema(catalogs.loadModels).optional().meta({ description: 'traffic during the run' }),
      steadyState: steadyStateSchema(catalogs.probes).prefault({}).meta({ description: 'what must hold before, during and after' }),
      stopConditions: stopConditionsSchema(catalogs.stopConditions).meta({
        description: 'any true: stop and heal; [none] where that is meant',
      }),
      method: methodSchema(catalogs).default([]).meta({ description: 'the steps; a game day may have acts instead' }),
      ...gameDayFields(catalogs),
      verify: z
        .array(verifySchema(catalogs.checks))
        .max(1_000)
        .default([])
        .meta({ description: 'promises, judged from what crossed the wire' }),
      rollback: rollback.prefault({}).meta({ description: 'what happens to faults at the end' }),
      notify: notifySchema,
      report: report(catalogs.reporters.names).prefault({}).meta({ description: 'what is written about the run' }),
    })
    .superRefine(checkKind)
    .superRefine(checkVariants)
    .meta({ title: 'faultlab experiment', description: 'A method of timed faults with a steady state and promises to verify.' });
}

/** A file that passed: units turned to plain numbers, defaults filled in, names not yet resolved. */
export type Experiment = z.output<ReturnType<typeof experimentSchema>>;
