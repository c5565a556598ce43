/** The catalogs that the language is made of: a kind of step, fault, check, mechanism, probe, stop condition, load model or report format that is in its catalog can be written in YAML, and nothing else can. */
import type { Catalog } from '../core/catalog.js';
import { faults } from '../dataplane/faults/catalog.js';
import type { AnyFault } from '../dataplane/faults/topology-fault.js';
import { planes } from '../orchestrator/planes/catalog.js';
import type { Plane } from '../orchestrator/planes/plane.js';
import { probes } from '../orchestrator/probes/catalog.js';
import type { Probe } from '../orchestrator/probes/probe.js';
import { stepKinds } from '../orchestrator/steps/catalog.js';
import type { StepKind } from '../orchestrator/steps/step-kind.js';
import { stopConditions } from '../orchestrator/stop-conditions/catalog.js';
import type { StopCondition } from '../orchestrator/stop-conditions/stop-condition.js';
import { loadModels } from '../orchestrator/workloads/models/catalog.js';
import type { LoadModel } from '../orchestrator/workloads/models/load-model.js';
import { reporters } from '../reports/catalog.js';
import type { Reporter } from '../reports/reporter.js';
import type { Check } from '../verify/check.js';
import { checks } from '../verify/checks/catalog.js';
import { mechanisms } from '../verify/mechanisms/catalog.js';
import type { Mechanism } from '../verify/mechanisms/mechanism.js';

export interface Catalogs {
  readonly steps: Catalog<StepKind>;
  readonly faults: Catalog<AnyFault>;
  readonly checks: Catalog<Check>;
  readonly mechanisms: Catalog<Mechanism>;
  readonly probes: Catalog<Probe>;
  readonly planes: Catalog<Plane>;
  readonly stopConditions: Catalog<StopCondition>;
  readonly loadModels: Catalog<LoadModel>;
  readonly reporters: Catalog<Reporter>;
}

/** Everything this version of faultlab ships. */
export const shippedCatalogs: Catalogs = {
  steps: stepKinds,
  faults,
  checks,
  mechanisms,
  probes,
  planes,
  stopConditions,
  loadModels,
  reporters,
};
