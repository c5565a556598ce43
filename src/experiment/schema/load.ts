/**
 * `load:` — the traffic during the run, by the load models of the catalog. One scenario may stand in `load` itself; several stand in `scenarios`, and
 * go on side by side. A model’s own keys come from its definition.
 */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration } from '../../core/units.js';
import { loadObserveSchema } from '../../dataplane/observe/observe-spec.js';
import { answerExpectation } from '../../orchestrator/probes/answer-expectation.js';
import { answerMarker } from '../../orchestrator/probes/answer-marker.js';
import type { LoadModel } from '../../orchestrator/workloads/models/load-model.js';
import { name, processText, urlPath } from './words.js';

const TEMPLATES = `may hold \${key} (fresh for every request), \${seq} and \${row.COLUMN}`;

const request = z.strictObject({
  name: name().meta({ description: 'the route’s name in figures and reports' }),
  weight: z.number().positive().max(1e6).default(1).meta({ description: 'share of this route, relative to the others' }),
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, 'expected a method in capitals, like GET')
    .default('GET'),
  path: urlPath().meta({ description: TEMPLATES }),
  headers: z.record(z.string(), processText()).default({}).meta({ description: TEMPLATES }),
  body: z.string().optional().meta({ description: TEMPLATES }),
  expect: answerExpectation.optional().meta({ description: 'what the answer must be; counted, and the metric checkRate of wire probes' }),
  standIn: answerMarker.optional().meta({ description: 'by what an answer is known to be a stand-in, for `fallback` with `marked`' }),
});

const data = z.strictObject({
  file: z.string().min(1).meta({ description: 'CSV with a line of column names; from where the run is started' }),
  order: z
    .enum(['sequence', 'random'])
    .default('sequence')
    .meta({ description: 'one row after the other and again from the first, or any by the seed' }),
});

const everyScenario = {
  requests: z.array(request).min(1).max(100).meta({ description: 'routes; each request is one of them, by weight' }),
  data: data.optional().meta({ description: `rows for \${row.COLUMN}` }),
};
const everyLoad = {
  target: z.string().meta({ description: 'service that the requests are sent to' }),
  warmUp: duration().default(0).meta({ description: 'load before the baseline that is not judged' }),
  timeout: duration({ minMs: 1 }).default(10_000).meta({ description: 'the generator gives up on an answer after so long' }),
  observe: loadObserveSchema.optional(),
  connectionsMax: z.int().min(1).max(10_000).default(256).meta({ description: 'connections per instance' }),
};

export type RequestText = z.output<typeof request>;
export interface ScenarioText {
  name: string;
  /** Where it stands in the file. */
  path: readonly (string | number)[];
  model: string;
  /** The model's own keys, as its schema understands them. */
  params: Readonly<Record<string, unknown>>;
  requests: readonly RequestText[];
  data?: z.output<typeof data> | undefined;
}
export type LoadText = z.output<z.ZodObject<typeof everyLoad>> & { scenarios: readonly ScenarioText[] };

/** The name of the only scenario of a load that has no list of them. */
const ONLY = 'load';

/** One model with its own keys beside others, in one strict object, so that errors and JSON Schema know them all. */
function withModel<S extends z.ZodRawShape>(model: LoadModel, shape: S) {
  const word = z.literal(model.name);
  const kind = (model.isDefault ? word.default(model.name) : word).meta({ description: 'who decides when a request starts' });
  return z.strictObject({ model: kind, ...model.schema.shape, ...everyScenario, ...shape }).meta({ description: model.summary });
}

type AnyScenario = z.output<z.ZodObject<typeof everyScenario>> & Readonly<Record<string, unknown>>;

function scenarioOf(written: unknown, place: Pick<ScenarioText, 'name' | 'path'>, models: Catalog<LoadModel>): ScenarioText {
  const all = written as AnyScenario;
  const model = models.get(String(all['model']));
  const own = Object.keys(model?.schema.shape ?? {});
  const params = Object.fromEntries(own.map((key) => [key, all[key]]));
  return { ...place, model: String(all['model']), params, requests: all.requests, ...(all.data && { data: all.data }) };
}

function unionOf<S extends z.ZodType>(variants: readonly S[]) {
  return z.union(variants as unknown as readonly [S, ...S[]]);
}

export function loadSchema(models: Catalog<LoadModel>) {
  const alone = models.all.map((model) =>
    withModel(model, everyLoad).transform(
      (all): LoadText => ({ ...(all as unknown as LoadText), scenarios: [scenarioOf(all, { name: ONLY, path: [] }, models)] }),
    ),
  );
  const named = { name: name().meta({ description: 'unique among the scenarios' }) };
  const scenario = unionOf(models.all.map((model) => withModel(model, named)));
  const several = z
    .strictObject({ ...everyLoad, scenarios: z.array(scenario).min(1).max(20).meta({ description: 'each at its own pace, side by side' }) })
    .transform(
      (all): LoadText => ({
        ...all,
        scenarios: all.scenarios.map((one, i) =>
          scenarioOf(one, { name: String((one as { name?: unknown }).name), path: ['scenarios', i] }, models),
        ),
      }),
    );
  return unionOf<z.ZodType<LoadText, unknown>>([...alone, several] as unknown as z.ZodType<LoadText, unknown>[]);
}
