/** The load: its target known and speaking HTTP, scenarios and routes with names of their own, rows only where there is a file of them. */
import type { Path } from '../../core/document-path.js';
import { didYouMean } from '../../core/suggest.js';
import type { Catalogs } from '../catalogs.js';
import type { PlannedLoad, PlannedRequest, PlannedScenario } from '../plan.js';
import type { Complain } from '../problem.js';
import type { LoadText, RequestText, ScenarioText } from '../schema/load.js';
import type { Topology } from './topology.js';

interface LoadContext {
  topology: Topology;
  catalogs: Catalogs;
  complain: Complain;
}

export function resolveLoad(load: LoadText | undefined, context: LoadContext): PlannedLoad | undefined {
  if (load === undefined) return undefined;
  checkTarget(load, context);
  checkNames(load.scenarios, (i) => ['load', 'scenarios', i, 'name'], 'scenarios', context.complain);
  return {
    warmUpMs: load.warmUp,
    timeoutMs: load.timeout,
    connectionsMax: load.connectionsMax,
    ...(load.observe && { observe: load.observe }),
    scenarios: load.scenarios.map((scenario) => resolveScenario(scenario, load.target, context)),
  };
}

function checkTarget({ target }: LoadText, { topology, complain }: LoadContext): void {
  const service = topology.byName.get(target);
  if (service === undefined) complain(['load', 'target'], `unknown service "${target}"${didYouMean(target, [...topology.byName.keys()])}`);
  else if (service.protocol !== 'http')
    complain(['load', 'target'], `expected an http service, but ${service.name} speaks ${service.protocol}`);
}

function checkNames(named: readonly { name: string }[], pathOf: (i: number) => Path, what: string, complain: Complain): void {
  const seen = new Set<string>();
  for (const [i, { name }] of named.entries()) {
    if (seen.has(name)) complain(pathOf(i), `two ${what} are named "${name}"`);
    seen.add(name);
  }
}

function resolveScenario(scenario: ScenarioText, service: string, { catalogs, complain }: LoadContext): PlannedScenario {
  const { name, path, model, params, requests, data } = scenario;
  checkNames(requests, (i) => ['load', ...path, 'requests', i, 'name'], 'requests', complain);
  for (const [i, request] of requests.entries()) {
    if (data === undefined && usesRows(request))
      complain(['load', ...path, 'requests', i], `\${row.…} has a meaning only with a file of rows: add data: {file: rows.csv}`);
  }
  return {
    name,
    service,
    model: { name: model, params },
    summary: catalogs.loadModels.get(model)?.words(params) ?? model,
    requests: requests.map(plannedRequest),
    ...(data && { data }),
  };
}

function usesRows({ path, headers, body = '' }: RequestText): boolean {
  return [path, body, ...Object.values(headers)].some((text) => text.includes(`\${row.`));
}

function plannedRequest({ body, expect, standIn, ...request }: RequestText): PlannedRequest {
  return { ...request, ...(body !== undefined && { body }), ...(expect && { expect }), ...(standIn && { standIn }) };
}
