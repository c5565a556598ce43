/** Agents of a fleet in this process, on a real etcd, and runs that take them: everything of a fleet but the processes around it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { ship } from '../../src/agent/shipping/ship.js';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { type FaultSpec, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { EtcdClient } from '../../src/etcd/client.js';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import type { Plan } from '../../src/experiment/plan.js';
import { bootId } from '../../src/orchestrator/fleet/boot-id.js';
import { FleetDriver } from '../../src/orchestrator/fleet/fleet-driver.js';
import { FleetMembership } from '../../src/orchestrator/fleet/fleet-membership.js';
import type { FleetPolicy } from '../../src/orchestrator/fleet/fleet-policy.js';
import { fleetKeys } from '../../src/orchestrator/fleet/keys.js';
import type { ObservationRoute } from '../../src/orchestrator/fleet/observation-route.js';
import type { Member } from '../../src/orchestrator/fleet/roster.js';
import { proxyOfLink } from '../../src/orchestrator/proxy-of-link.js';
import type { EtcdServer } from './etcd.js';
import { planText } from './experiment.js';
import { forThisTest } from './for-this-test.js';

/** Long enough for a stall of a busy machine, short enough to wait for. */
export const LEASE_MS = 4_000;

export interface TestAgent {
  readonly daemon: Daemon;
  readonly agent: Agent;
  /** What it has said. */
  readonly lines: readonly string[];
}

export interface AgentWay {
  /** Where an agent finds what it is told of as the place for its observations; there, if omitted. */
  reach?(ingest: { url: string }): string;
  /** Of observations that wait on its disk. */
  bytesMax?: number;
}

let lives = 0;

/** Ends with the test, if not before. */
export async function startAgent(
  server: EtcdServer,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  { reach = ({ url }) => url, bytesMax }: AgentWay = {},
): Promise<TestAgent> {
  const client = forThisTest(new EtcdClient({ clock: hostClock, endpoints: [server.url] }));
  const daemon = forThisTest(new Daemon({ clock: hostClock, environment: 'local' }));
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-agent-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const about = { version: '0', pid: process.pid, bootId: bootId(), startedWallMs: ++lives, capabilities: [] };
  const shipping = { clock: hostClock, daemon, agent: name, bytesMax, say };
  const agent = await Agent.start(
    {
      clock: hostClock,
      client,
      keys: fleetKeys('local'),
      daemon,
      registration: { name, labels: { ...labels }, host: '127.0.0.1', ...about },
      folder,
      labFolder: '',
      allowsExec: false,
      ship: ({ run, ingest }, place) => ship(shipping, { run, ingest: ingest && { ...ingest, url: reach(ingest) } }, place),
      say,
    },
    new AbortController().signal,
  );
  onTestFinished(() => agent[Symbol.asyncDispose]().catch(() => {}));
  return { daemon, agent, lines };
}

/** Callers in zone a, callees in zone b; nothing of it has to run, for nobody sends a request. */
export const TWO_ZONES = `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: two-zones}
topology:
  proxies: {driver: fleet}
  services:
    front:
      protocol: http
      instances: [{name: front-1, address: "127.0.0.1:9001"}, {name: front-2, address: "127.0.0.1:9002"}]
      agents: {label: {zone: a}}
    back:
      protocol: http
      instances: [{name: back-1, address: "127.0.0.1:9003"}, {name: back-2, address: "127.0.0.1:9004"}]
      agents: {label: {zone: b}}
  links: [{from: front, to: back}, {from: back, to: front}]
stopConditions: [none]
method: [{name: rest, wait: 1s}]
`;

export function fleetPlan(text: string = TWO_ZONES): Plan {
  return planText(text, {}, shippedCatalogs);
}

export interface TestRun extends AsyncDisposable {
  readonly driver: FleetDriver;
  readonly membership: FleetMembership;
  readonly notes: readonly string[];
  readonly failures: readonly unknown[];
  /** Renews until the test ends; as a living orchestrator does. */
  live(): void;
  /** Does not renew any more. */
  die(): void;
  /** Takes the agents, and brings the links of its plan up. */
  begin(run: string): Promise<void>;
}

/** A run that nobody has begun yet; ends with the test. */
export function prepareRun(
  server: EtcdServer,
  { plan = fleetPlan(), route = { kind: 'direct' }, ...policy }: { plan?: Plan; route?: ObservationRoute } & Partial<FleetPolicy> = {},
): TestRun {
  const client = new EtcdClient({ clock: hostClock, endpoints: [server.url] });
  const notes: string[] = [];
  const failures: unknown[] = [];
  const note = (event: { type: string; text?: string }): void => void notes.push(event.text ?? event.type);
  const all: FleetPolicy = { onAgentLoss: 'stop', queueForMs: 0, leaseMs: LEASE_MS, observationsWithinMs: 3_000, ...policy };
  const onFailure = (error: unknown): void => void failures.push(error);
  const { signal } = new AbortController();
  const given = { clock: hostClock, client, plan, policy: all, host: '127.0.0.1', route, bootId: bootId(), note, onFailure, signal };
  const membership = new FleetMembership(given);
  const driver = new FleetDriver({ clock: hostClock, version: '0', policy: all, membership, note });
  let timer: NodeJS.Timeout | undefined;
  const die = (): void => clearInterval(timer);
  const run: TestRun = {
    driver,
    membership,
    notes,
    failures,
    live: () => {
      timer = setInterval(() => void driver.renew().catch(onFailure), 500);
    },
    die,
    begin: async (name) => {
      await driver.claim(name);
      run.live();
      const addresses = new Map(plan.services.flatMap(({ instances }) => instances.map((one) => [one.name, one.address ?? ''])));
      await driver.createProxies(plan.links.map((link) => proxyOfLink(link, addresses.get(link.to) ?? '')));
    },
    async [Symbol.asyncDispose]() {
      die();
      await driver.release().catch(() => {});
      await membership[Symbol.asyncDispose]();
    },
  };
  return forThisTest(run);
}

export function abort(id: string, proxies: readonly string[], more: object = {}): FaultSpec {
  return faultSpecSchema.parse({ id, type: 'abort', proxies: [...proxies], value: { status: 503 }, duration: '60s', ...more });
}

export function memberOf({ membership }: TestRun, name: string): Member {
  const member = membership.roster.member(name);
  if (member === undefined) throw new Error(`the run has no agent ${name}`);
  return member;
}
