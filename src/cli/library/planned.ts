/** A plan as the page shows it: what it does, to whom, and which programs it would start. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Planned, PlanRequest } from '../../control/library/clerk.js';
import type { PlanView } from '../../control/library/contract.js';
import { LabError } from '../../core/errors.js';
import { briefingOf } from '../../experiment/briefing.js';
import { shippedCatalogs } from '../../experiment/catalogs.js';
import { declaredBy } from '../../experiment/declared.js';
import { describePlan } from '../../experiment/describe.js';
import type { Plan } from '../../experiment/plan.js';
import { preflight, worstHarm } from '../../experiment/preflight.js';
import { methodDurationMs, planDurationMs, timeline } from '../../experiment/timeline.js';
import { requirePrograms } from '../../orchestrator/services/installed.js';
import { quoted, replayCommand } from '../../reports/replay.js';
import { planFiles, planText } from '../experiment-files.js';
import { refuseForeign } from '../foreign-permission.js';
import { shippedPath } from './shipped.js';

/** Rejects as planning does. */
export async function planned(experiments: string, { source, ...options }: PlanRequest): Promise<Planned> {
  const path = source.kind === 'shipped' ? await shippedPath(experiments, source.file) : null;
  const given =
    source.kind === 'text' ? { text: source.text, file: source.name } : { text: await readFile(path ?? '', 'utf8'), file: source.file };
  const plans = path === null ? [planText(given, options)] : (await planFiles([path], options)).map(({ plan }) => plan);
  return {
    plans: plans.map(viewOf),
    declared: declaredBy(given),
    commandLine: commandOf(plans, { file: path === null ? given.file : relative(process.cwd(), path), variables: options.variables }),
    digest: createHash('sha256').update(JSON.stringify(plans)).digest('hex'),
    path,
  };
}

/** What somebody would type. A game day of several experiments gives each of them its own seed. */
function commandOf(plans: readonly Plan[], { file, variables }: { file: string; variables: PlanRequest['variables'] }): string {
  const [only] = plans;
  if (plans.length === 1 && only !== undefined) return replayCommand(only.recorded);
  const words = Object.entries(variables).map(([name, value]) => `--var ${quoted(`${name}=${value}`)}`);
  return ['faultlab run', quoted(file), ...words].join(' ');
}

function viewOf(plan: Plan): PlanView {
  const { title, file, environment, seed } = plan.recorded;
  return {
    title,
    file,
    environment,
    seed,
    text: describePlan(plan),
    briefing: briefingOf(plan) ?? null,
    steps: timeline(plan.steps).map(({ step: { name, kind, summary }, fromMs, toMs }) => ({ name, kind, fromMs, toMs, summary })),
    methodMs: methodDurationMs(plan),
    durationMs: planDurationMs(plan),
    harmed: worstHarm(plan, shippedCatalogs) ?? null,
    foreseen: preflight(plan, shippedCatalogs),
    checks: plan.checks.map(({ name, check, severity }) => ({ name, check, severity })),
    programs: programsOf(plan),
    obstacles: obstaclesTo(plan),
  };
}

function programsOf({ services, steps }: Plan): PlanView['programs'] {
  const started = services.flatMap(({ name, argv, instances }) =>
    argv === undefined ? [] : [{ name, argv, instances: instances.length }],
  );
  const run = steps.flatMap(({ name, executes }) => (executes === undefined ? [] : [{ name, argv: [executes], instances: 1 }]));
  return [...started, ...run];
}

/** What would keep it from being started on this machine. */
function obstaclesTo(plan: Plan): readonly string[] {
  const refused = (check: () => void): string[] => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof LabError) return [error.message];
      throw error;
    }
  };
  return [...refused(() => requirePrograms(plan, process.env['PATH'] ?? '')), ...refused(() => refuseForeign(plan))];
}
