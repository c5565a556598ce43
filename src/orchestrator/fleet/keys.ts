/**
 * Where what lies in etcd. Each reads one prefix that is its own: an agent what is wanted of it, whatever the run, and a run what its agents answer.
 * What a reader gets wrong: nothing here is ever cleaned up by hand; it lives under the lease of whoever wrote it, and goes with him.
 */
import { z } from 'zod';

/** Of environments, agents and runs: parts of keys, so they hold no slash. */
export const fleetName = () =>
  z
    .string()
    .max(120)
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'expected a name of letters, digits, dots and dashes, like host-7');

export interface FleetKeys {
  /** Prefix of everything of this environment. */
  root: string;
  /** Prefix of all registrations, and one of them: under the agent's lease. */
  agents: string;
  agent(name: string): string;
  /** One of the runs: under the run's lease, created once; its create revision is the run's epoch. */
  runs: string;
  run(run: string): string;
  /** Which run has an agent: under the run's lease, created once. */
  holds: string;
  hold(agent: string): string;
  /** What runs want of an agent: under the run's lease. */
  desiredOf(agent: string): string;
  desired(agent: string, run: string): string;
  /** What the agents of a run have made of it: under the run's lease. */
  appliedOf(run: string): string;
  applied(run: string, agent: string): string;
  /** There while everything is halted: under no lease. */
  halt: string;
  /** Agents that are not to be taken by new runs, whoever started them: under no lease. */
  drains: string;
  drain(agent: string): string;
}

/** The keys of an environment. */
export function fleetKeys(environment: string): FleetKeys {
  const root = `/faultlab/v1/${environment}/`;
  return {
    root,
    agents: `${root}agents/`,
    agent: (name) => `${root}agents/${name}`,
    runs: `${root}runs/`,
    run: (run) => `${root}runs/${run}`,
    holds: `${root}holds/`,
    hold: (agent) => `${root}holds/${agent}`,
    desiredOf: (agent) => `${root}desired/${agent}/`,
    desired: (agent, run) => `${root}desired/${agent}/${run}`,
    appliedOf: (run) => `${root}applied/${run}/`,
    applied: (run, agent) => `${root}applied/${run}/${agent}`,
    halt: `${root}halt`,
    drains: `${root}drains/`,
    drain: (agent) => `${root}drains/${agent}`,
  };
}

/** The last part of a key: a name of an agent or of a run. */
export function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
