/**
 * YAML text → experiment: parse, fill in the inputs, check against the schema. Takes text, not a path. Every problem of the file is
 * reported at once; names that refer to other parts of the plan are checked later, by `planExperiment`.
 */
import { LabError } from '../core/errors.js';
import { type Explanation, explainIssues } from '../core/explain.js';
import { isMap } from '../core/is-map.js';
import { valueAt } from '../core/schema-lookup.js';
import { listed } from '../core/suggest.js';
import { type Catalogs, shippedCatalogs } from './catalogs.js';
import { type ReadIncluded, readDocument } from './include.js';
import { type Complain, type Problem, planInvalid, type Source } from './problem.js';
import { type Experiment, experimentSchema } from './schema/experiment.js';
import { inputValues } from './schema/inputs.js';
import { variantInputs } from './schema/variants.js';
import { fillTemplates, type InputValue } from './template.js';

export interface LoadRequest {
  text: string;
  /** How messages call it; nothing is read from it. */
  file: string;
  /** `--var name=value`, as text. */
  variables?: Readonly<Record<string, string>>;
  /** One of its `variants:`, whose values count where `variables` has none. */
  variant?: string | undefined;
  catalogs?: Catalogs;
  /** Without it nothing can be included. */
  readIncluded?: ReadIncluded;
}

export interface LoadedExperiment {
  experiment: Experiment;
  /** Values of the inputs as text, for the record. */
  inputs: Readonly<Record<string, string>>;
  /** Where each part of the experiment stands in the file. */
  source: Source;
}

/** Throws INPUT_UNKNOWN for a variable that the file does not declare, VARIANT_UNKNOWN for a variant, PLAN_INVALID for everything else. */
export function loadExperiment({
  text,
  file,
  variables = {},
  variant: name,
  catalogs = shippedCatalogs,
  readIncluded = nothingToInclude,
}: LoadRequest): LoadedExperiment {
  const { source, data } = readDocument({ text, file }, readIncluded);
  const problems: Problem[] = [];
  const complain: Complain = (path, message, options) => problems.push({ path, message, ...options });
  const declared = isMap(data) ? data['inputs'] : undefined;
  refuseUnknown(variables, isMap(declared) ? Object.keys(declared) : []);
  const variant = name === undefined ? undefined : { name, inputs: variantInputs(data, name) };
  const inputs = inputValues({ declared, variables, variant, complain, complainOfVariable: (message) => problems.push({ message }) });
  const document = fillTemplates(data, { inputs, complain });
  const schema = experimentSchema(catalogs);
  const result = schema.safeParse(document);
  if (!result.success)
    problems.push(...withoutDoubles(explainIssues(result.error.issues, { schema, data: document }), { document, before: problems }));
  if (!result.success || problems.length > 0) throw planInvalid(source, problems);
  return { experiment: result.data, inputs: asText(inputs), source };
}

function nothingToInclude(): never {
  throw new Error('this text has no file beside which others could be');
}

function refuseUnknown(variables: Readonly<Record<string, string>>, known: readonly string[]): void {
  for (const name of Object.keys(variables)) {
    if (!known.includes(name)) throw new LabError('INPUT_UNKNOWN', { name, known: listed(known) });
  }
}

/** A text in which a template could not be filled in was complained about already; that it is a wrong value too is no news. */
function withoutDoubles(
  found: readonly Explanation[],
  { document, before }: { document: unknown; before: readonly Problem[] },
): readonly Explanation[] {
  const told = new Set(before.filter(({ part }) => part !== undefined).map(({ path }) => JSON.stringify(path)));
  const news = found.filter(({ path }) => !told.has(JSON.stringify(path)) && !isLeftOpen(valueAt(document, path)));
  // Who refuses a file says why, whatever it is.
  return before.length + news.length > 0 ? news : found;
}

/** An input whose own value is in error stands unfilled wherever it is used. */
function isLeftOpen(value: unknown): boolean {
  return typeof value === 'string' && value.includes(`\${inputs.`);
}

function asText(inputs: ReadonlyMap<string, InputValue | undefined>): Readonly<Record<string, string>> {
  return Object.fromEntries([...inputs].map(([name, value]) => [name, String(value)]));
}
