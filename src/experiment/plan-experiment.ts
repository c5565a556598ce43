/**
 * Experiment → plan: every name resolved, every refusal found, before anything is started. Pure; chance comes in as a seed. The same experiment and
 * seed give the same plan.
 */
import assert from 'node:assert/strict';
import { didYouMean } from '../core/suggest.js';
import type { RecordedGameDay, RecordedLoad, RecordedPlan, RecordedPolicy, RecordedProbe, RecordedStep } from '../journal/events.js';
import type { RecordedPlay } from '../journal/recorded-play.js';
import { type Catalogs, shippedCatalogs } from './catalogs.js';
import type { LoadedExperiment } from './load.js';
import type { Plan, PlannedLoad, PlannedProbe, PlannedService, PlannedStep } from './plan.js';
import { type Complain, type Problem, planInvalid } from './problem.js';
import { resolveChecks } from './resolve/checks.js';
import { resolveLoad } from './resolve/load.js';
import { withNeeds } from './resolve/needs.js';
import { recordedPeople } from './resolve/people.js';
import { resolvePlay } from './resolve/play.js';
import { resolvePolicies } from './resolve/policies.js';
import { resolveProbes } from './resolve/probes.js';
import { resolveProxies, usesGateway } from './resolve/proxies.js';
import type { Known } from './resolve/references.js';
import { type ResolvedMethod, resolveMethod } from './resolve/steps.js';
import { resolveStopConditions } from './resolve/stop-conditions.js';
import { resolveTopology } from './resolve/topology.js';
import { resolveVariants } from './resolve/variants.js';
import type { Experiment } from './schema/experiment.js';
import { methodOf } from './schema/game-day.js';

export interface PlanRequest extends LoadedExperiment {
  /** Wins over the file’s own; required when the file has none. */
  seed?: number | undefined;
  catalogs?: Catalogs;
}

/** Throws PLAN_INVALID with every name that leads nowhere and every fault that may not be injected. */
export function planExperiment({ experiment, inputs, source, seed: given, catalogs = shippedCatalogs }: PlanRequest): Plan {
  const seed = given ?? experiment.seed;
  assert(seed !== undefined, 'an experiment without a seed needs one from the caller');
  const problems: Problem[] = [];
  const complain: Complain = (path, message, options) => problems.push({ path, message, ...options });
  const topology = resolveTopology(experiment, catalogs.probes, complain);
  checkAccepts(experiment, { catalogs, complain });
  const play = resolvePlay(experiment, { faults: catalogs.faults, complain });
  const known: Known = { topology, experiment, complain };
  const policies = resolvePolicies(known);
  const load = resolveLoad(experiment.load, { topology, catalogs, complain });
  const { plane, proxies } = resolveProxies(experiment, { catalogs, complain });
  const probes = resolveProbes({ ...known, catalogs, plane });
  const stopConditions = resolveStopConditions(experiment, { catalogs, complain });
  const method = resolveMethod(methodOf(experiment), { ...known, catalogs, plane, seed, planned: { load, probes } });
  const checks = resolveChecks(method, { ...known, catalogs });
  const variants = resolveVariants(known, checks);
  if (problems.length > 0) throw planInvalid(source, problems);
  const plan: Omit<Plan, 'recorded'> = {
    services: withNeeds(topology.services, { steps: method.steps, play, faults: catalogs.faults }),
    links: topology.links,
    roles: [...topology.roles.values()],
    usesGateway: topology.services.some(usesGateway),
    proxies,
    ...(load && { load }),
    probes,
    stopConditions,
    rollback: { strategy: experiment.rollback.strategy },
    steps: method.steps,
    deadlines: method.deadlines,
    checks,
    ...(experiment.requires.length > 0 && { requires: experiment.requires }),
    variants,
    baselineMs: experiment.steadyState.baseline,
    settleMs: experiment.steadyState.settle,
    report: experiment.report,
    ...(experiment.notify.length > 0 && { notify: experiment.notify }),
  };
  const { linksUnseen } = plane;
  return { recorded: recordedPlan(plan, { experiment, method, inputs, file: source.file, seed, policies, linksUnseen, play }), ...plan };
}

function checkAccepts({ topology }: Experiment, { catalogs, complain }: { catalogs: Catalogs; complain: Complain }): void {
  for (const [service, { accepts = [] }] of Object.entries(topology.services)) {
    for (const [i, type] of accepts.entries()) {
      if (catalogs.faults.get(type) !== undefined) continue;
      complain(['topology', 'services', service, 'accepts', i], `unknown fault "${type}"${didYouMean(type, catalogs.faults.names)}`);
    }
  }
}

function recordedPlan(
  plan: Omit<Plan, 'recorded'>,
  {
    experiment,
    method,
    inputs,
    file,
    seed,
    policies,
    linksUnseen,
    play,
  }: {
    experiment: Experiment;
    method: ResolvedMethod;
    inputs: Readonly<Record<string, string>>;
    file: string;
    seed: number;
    policies: readonly RecordedPolicy[];
    linksUnseen: string | undefined;
    play: RecordedPlay | undefined;
  },
): RecordedPlan {
  const { name: title, description, owner, runbook, labels } = experiment.metadata;
  return {
    title,
    ...(description !== undefined && { description }),
    file,
    ...(owner !== undefined && { owner }),
    ...(runbook !== undefined && { runbook }),
    ...(labels !== undefined && { labels }),
    environment: experiment.environment,
    seed,
    inputs,
    services: plan.services.map((service) => ({
      name: service.name,
      instances: service.instances.map((instance) => instance.name),
      probePaths: probePaths(service),
    })),
    links: plan.links.map(({ protected: _protected, ...link }) => link),
    ...(linksUnseen !== undefined && { linksUnseen }),
    ...(plan.load && { load: recordedLoad(plan.load) }),
    ...(policies.length > 0 && { policies }),
    probes: plan.probes.map(recordedProbe),
    steps: plan.steps.map(recordedStep),
    checks: plan.checks,
    ...(play && { play }),
    ...(experiment.kind === 'GameDay' && { gameDay: recordedGameDay(experiment, method) }),
  };
}

function recordedGameDay({ people, briefing, acts = [], questions = [] }: Experiment, { stepsNamed }: ResolvedMethod): RecordedGameDay {
  return {
    people: recordedPeople(people),
    ...(briefing !== undefined && { briefing }),
    acts: acts.map(({ name, title = name }, i) => ({ name, title, steps: stepsNamed(name, ['acts', i]) })),
    questions,
  };
}

function recordedProbe({ name, type, mode, expectation, failureThreshold, successThreshold }: PlannedProbe): RecordedProbe {
  return { name, type, mode, expectation, failureThreshold, successThreshold };
}

function recordedLoad({ scenarios }: PlannedLoad): RecordedLoad {
  return {
    service: scenarios[0]?.service ?? '',
    summary: scenarios.map(({ summary }) => summary).join('; '),
    routes: scenarios.flatMap(({ requests }) =>
      requests.map(({ name, method, weight, standIn }) => ({ name, method, weight, ...(standIn && { hasStandIn: true }) })),
    ),
  };
}

/** What a health checker asks for is no demand: these paths are left out when traffic is judged. */
function probePaths(service: PlannedService): readonly string[] {
  const paths = [service.healthPath, service.ready.path].filter((path) => path !== undefined);
  return [...new Set(paths)];
}

function recordedStep({ name, startAfter, kind, summary, fault: planned }: PlannedStep): RecordedStep {
  if (planned === undefined) return { name, kind, startAfter, summary };
  const { spec: _spec, leaseMs: _leaseMs, turn, caveats: _caveats, open: _open, ...fault } = planned;
  return { name, kind, startAfter, summary, fault: { ...fault, ...(turn && { phases: turn.phases }) } };
}
