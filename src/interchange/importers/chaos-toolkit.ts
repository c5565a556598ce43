/**
 * Chaos Toolkit experiments, JSON or YAML. Probes over HTTP and by processes, pauses, processes and Toxiproxy's actions are carried; what Python
 * modules do is listed, because only they know. What a reader gets wrong: a Chaos Toolkit probe has no service, only a URL; here a probe asks
 * instances, so each host of a URL becomes a service.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { LabError, reasonOf } from '../../core/errors.js';
import { explainInLine } from '../../core/explain.js';
import { defineImporter, type Imported } from '../importer.js';
import { peekJson } from '../read-json.js';
import { activityStep } from './chaos-toolkit/actions.js';
import { activitySchema } from './chaos-toolkit/activity.js';
import { Draft } from './chaos-toolkit/draft.js';
import { probeOf } from './chaos-toolkit/probes.js';

const schema = z.object({
  title: z.string().min(1),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  'steady-state-hypothesis': z.object({ title: z.string().optional(), probes: z.array(activitySchema).default([]) }).nullish(),
  method: z.array(activitySchema).default([]),
  rollbacks: z.array(activitySchema).nullish(),
  configuration: z.record(z.string(), z.unknown()).nullish(),
  secrets: z.record(z.string(), z.unknown()).nullish(),
  controls: z.array(z.unknown()).nullish(),
});

export const chaosToolkit = defineImporter({
  name: 'chaosToolkit',
  summary: 'Chaos Toolkit: an experiment in JSON or YAML.',
  recognises: (text) =>
    isExperiment(peekJson(text)) || (/^\s*["']?(steady-state-hypothesis|method)["']?\s*:/m.test(text) && /["']?title["']?\s*:/.test(text)),
  read: (text, { file, name }) => imported(readExperiment(text, file), name),
});

function isExperiment(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'title' in data && ('method' in data || 'steady-state-hypothesis' in data);
}

function readExperiment(text: string, file: string): z.output<typeof schema> {
  let data: unknown;
  try {
    // JSON is YAML; aliases are bounded against bombs.
    data = parse(text, { maxAliasCount: 100 });
    return schema.parse(data);
  } catch (error) {
    const problems = error instanceof z.ZodError ? explainInLine(error, { schema, data }) : reasonOf(error);
    throw new LabError('IMPORT_INVALID', { file, problems }, { cause: error });
  }
}

function imported(given: z.output<typeof schema>, name: string): Imported {
  const draft = new Draft();
  const hypothesis = given['steady-state-hypothesis'];
  const probes = (hypothesis?.probes ?? []).flatMap((activity) => probeOf(activity, draft) ?? []);
  for (const activity of given.method) activityStep(activity, draft);
  for (const { name: rollback } of given.rollbacks ?? [])
    draft.leaveOut(`rollback "${rollback}": faults end by themselves and are healed on every way out`);
  for (const key of ['configuration', 'secrets', 'controls'] as const) {
    const value = given[key];
    const names = value === null || value === undefined ? [] : Array.isArray(value) ? [`${value.length}`] : Object.keys(value);
    if (names.length > 0) draft.leaveOut(`${key}: ${names.join(', ')}; what they stood for was not filled in`);
  }
  return {
    experiment: {
      metadata: { name, description: [given.title, given.description, hypothesis?.title].filter(Boolean).join('. ') },
      ...(draft.inputs.size > 0 && { inputs: Object.fromEntries(draft.inputs) }),
      topology: draft.topology(),
      ...(probes.length > 0 && { steadyState: { probes } }),
      method: draft.steps.length > 0 ? draft.steps : [{ name: 'observe', wait: '10s' }],
    },
    notCarried: draft.leftOut,
    toDo: [
      ...(draft.executes ? ['it runs programs: read them, and run it with --allow-exec'] : []),
      'Chaos Toolkit has no load and promises nothing but the steady state: add `load` and `verify`',
    ],
  };
}
