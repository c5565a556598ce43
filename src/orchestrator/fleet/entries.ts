/** What stands in etcd, but for orders and what became of them: who there is, which runs go on, and whether everything is halted. */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { explainInLine } from '../../core/explain.js';
import { fleetName } from './keys.js';

/** How long an agent that has died is still taken to be there. */
export const AGENT_LEASE_MS = 10_000;

/** An agent of itself, under its own lease. */
export const registrationSchema = z.object({
  name: fleetName(),
  labels: z.record(z.string(), z.string()).default({}),
  /** Host, without a port, where its links and services can be reached by other hosts. */
  host: z.string().min(1),
  version: z.string(),
  pid: z.int().positive(),
  /** Machines with the same one have the same monotonic clock. */
  bootId: z.string(),
  startedWallMs: z.number(),
  /** What it can do beside carrying links: `processes`. */
  capabilities: z.array(z.string()).default([]),
});
export type Registration = z.output<typeof registrationSchema>;

/** Of the process that has registered: whoever takes the name after it has another one. */
export function lifeOf({ bootId, pid, startedWallMs }: Pick<Registration, 'bootId' | 'pid' | 'startedWallMs'>): string {
  return `${bootId} ${pid} ${startedWallMs}`;
}

/** A run of itself, under the run's lease. */
export const runEntrySchema = z.object({
  run: z.string(),
  title: z.string(),
  /** Who carries it out. */
  host: z.string(),
  pid: z.int().positive(),
  startedWallMs: z.number(),
  leaseMs: z.number().positive(),
  agents: z.array(z.string()),
});
export type RunEntry = z.output<typeof runEntrySchema>;

/** Everything of the environment is halted while it is there. */
export const haltSchema = z.object({ reason: z.string(), since: z.string() });
export type HaltEntry = z.output<typeof haltSchema>;

/** An agent that no new run may take. */
export const drainSchema = z.object({ reason: z.string(), since: z.string() });
export type DrainEntry = z.output<typeof drainSchema>;

/** Throws AGENT_INVALID: whoever may write to etcd may write anything. */
export function parseEntry<T>(schema: z.ZodType<T>, { key, value }: { key: string; value: string }): T {
  let data: unknown;
  try {
    data = JSON.parse(value);
  } catch {
    throw new LabError('AGENT_INVALID', { key, problems: 'expected JSON' });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new LabError('AGENT_INVALID', { key, problems: explainInLine(parsed.error, { schema, data, at: [] }) });
}
