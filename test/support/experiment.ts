/** A small experiment as text, and ways to spoil it. Tests change one thing and look at what is said about it. */
import assert from 'node:assert/strict';
import { LabError } from '../../src/core/errors.js';
import type { Catalogs } from '../../src/experiment/catalogs.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { Plan } from '../../src/experiment/plan.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { stubCatalogs } from './catalogs.js';

export const SMALL = `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: small, owner: me}
seed: 7
inputs:
  rate: {type: rate, default: 20/s}
  share: {type: percentage, default: 30}
  mode: {type: string, default: fast, enum: [fast, slow]}
topology:
  services:
    web: {protocol: http, argv: [node, web.js, "\${inputs.mode}"], env: {API: "\${link.api}", PORT: "\${self.port}"}, health: /up}
    api: {protocol: http, instances: 2, argv: [node, api.js], accepts: [abort, partition]}
    db: {instances: [{name: db-1, address: "127.0.0.1:5432"}]}
  links:
    - {from: web, to: api}
    - {from: api, to: db}
load:
  rate: "\${inputs.rate}"
  target: web
  requests:
    - {name: all, path: "/\${key}"}
steadyState:
  probes:
    - name: answers
      type: wire
      mode: continuous
      target: {from: load, to: web}
      tolerance: {metric: successRate, criteria: ">=", value: 90}
stopConditions:
  - {probe: answers, for: 5s}
method:
  - name: bad-api
    fault:
      type: abort
      target: {from: web, to: api/api-2}
      percentage: "\${inputs.share}"
      value: {status: 500}
      duration: 4s
  - {name: rest, startAfter: bad-api, wait: 2s}
verify:
  - outlierEjection: {from: web, to: api, during: bad-api, expect: [api-2], detectWithin: 2s}
`;

/** `text` with one passage replaced; the passage must be there. */
export function edited(text: string, from: string, to: string): string {
  assert(text.includes(from), `the text does not hold: ${from}`);
  return text.replace(from, () => to);
}

export function planText(text: string, variables: Readonly<Record<string, string>> = {}, catalogs: Catalogs = stubCatalogs): Plan {
  const loaded = loadExperiment({ text, file: 'small.yaml', variables, catalogs });
  return planExperiment({ ...loaded, seed: loaded.experiment.seed ?? 1, catalogs });
}

/** The problems of a text, as they would be printed; fails if there is none. */
export function problemsOf(text: string, variables?: Readonly<Record<string, string>>, catalogs?: Catalogs): readonly string[] {
  try {
    planText(text, variables, catalogs);
  } catch (error) {
    if (error instanceof LabError && error.code === 'PLAN_INVALID') return error.message.split('\n');
    throw error;
  }
  throw new Error('expected the text to be refused, but it was accepted');
}
