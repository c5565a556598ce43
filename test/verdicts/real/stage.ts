/**
 * Where real defences play: callees and links of our daemon on loopback, an open-loop load, faults that come and go. What crossed the links becomes
 * a record like that of a run. The defence itself is somebody else's code, and what it says of itself is the truth.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { Daemon } from '../../../src/dataplane/daemon.js';
import { faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { type Exchange, LOAD, linkName } from '../../../src/journal/observations.js';
import type { RunRecord } from '../../../src/journal/record.js';
import { type HistoryExchange, type HistoryFault, recordOf } from '../../support/histories.js';

const OBSERVATIONS_MAX = 200_000;
/**
 * What is wrong without any fault of the cycles, as in the simulated world: one data request in a hundred fails, and all take their time. It is made on a link of its
 * own behind each judged one, so that it looks like the callee's doing.
 */
const HTTP_NOISE = [
  { id: 'noise/errors', type: 'abort', value: { status: 503, grpcStatus: 'UNAVAILABLE' }, percentage: 1, exclude: { path: '/health' } },
  { id: 'noise/jitter', type: 'delay', value: { delay: '2ms', jitter: '2ms' } },
];
const TCP_NOISE = [{ id: 'noise/jitter', type: 'latency', value: { latency: '2ms', jitter: '2ms' } }];
const NOISE_LEASE = '10m';
/** On a machine too busy for its rate the load forgets what it is behind with beyond this; it would never catch up, and nothing else run. */
const BEHIND_MS_MAX = 250;

export interface StageOptions {
  callers: readonly string[];
  /** Names of `payments-1` or of the five of `inventory`, where a check has to know their links. */
  callees: readonly string[];
  protocol?: 'tcp' | 'http' | 'http2';
  /** Starts one of the callees; a server that answers 200 if left out. */
  callee?: (name: string) => Promise<Callee>;
}

export interface Callee extends AsyncDisposable {
  port: number;
  /** Has it stand still, or go on. */
  pause?(isPaused: boolean): void;
}

/** Asks the dependency through the defence, for the request of this token. False: it gave no good answer, or was not asked. */
export type Ask = (token: string) => Promise<boolean>;

export class Stage implements AsyncDisposable {
  readonly #daemon = new Daemon({ clock: hostClock, environment: 'test', observationsMax: OBSERVATIONS_MAX });
  readonly #callees = new Map<string, Callee>();
  readonly #ports = new Map<string, number>();
  readonly #front: HistoryExchange[] = [];
  readonly #faults: HistoryFault[] = [];
  readonly #stop = new AbortController();
  readonly #loads: Promise<void>[] = [];
  readonly #noise: string[] = [];
  #sent = 0;
  #baselineMs: readonly [number, number] = [0, 0];

  static async open({ callers, callees, protocol = 'http', callee: start = startCallee }: StageOptions): Promise<Stage> {
    const stage = new Stage();
    for (const callee of callees) {
      const started = await start(callee);
      stage.#callees.set(callee, started);
      const { listen: upstream } = await stage.#link({ name: linkName('noise', callee), protocol, port: started.port });
      for (const caller of callers) {
        const name = linkName(caller, callee);
        const { listen } = await stage.#link({ name, protocol, port: portIn(upstream), from: caller, to: callee });
        stage.#ports.set(name, portIn(listen));
      }
    }
    stage.#makeNoise(callees, protocol);
    return stage;
  }

  /** Only those with two ends are recorded. */
  #link({ port, ...given }: { name: string; protocol: string; port: number; from?: string; to?: string }): Promise<{ listen: string }> {
    const spec = { ...given, upstream: `127.0.0.1:${port}`, record: given.from !== undefined };
    return this.#daemon.createProxy(proxySpecSchema.parse(spec));
  }

  #makeNoise(callees: readonly string[], protocol: string): void {
    const proxies = callees.map((callee) => linkName('noise', callee));
    const kinds = protocol === 'tcp' ? TCP_NOISE : HTTP_NOISE;
    const faults = kinds.map((kind) => faultSpecSchema.parse({ ...kind, proxies, lease: NOISE_LEASE }));
    this.#daemon.inject({ run: 'r', faults });
    this.#noise.push(...kinds.map(({ id }) => id));
  }

  /** Where this caller finds that callee. */
  portOf(caller: string, callee: string): number {
    return this.#ports.get(linkName(caller, callee)) ?? 0;
  }

  /** Sends so many requests a second to a caller until the stage is closed, whatever becomes of them. */
  load(caller: string, { ratePerSecond, ask }: { ratePerSecond: number; ask: Ask }): void {
    this.#loads.push(this.#send(caller, { everyMs: 1_000 / ratePerSecond, ask }));
  }

  async #send(caller: string, { everyMs, ask }: { everyMs: number; ask: Ask }): Promise<void> {
    for (let startMs = hostClock.nowMs(); !this.#stop.signal.aborted; ) {
      await sleep(hostClock, Math.max(0, startMs - hostClock.nowMs()));
      void this.#request(caller, { startMs, ask });
      startMs = Math.max(startMs + everyMs, hostClock.nowMs() - BEHIND_MS_MAX);
    }
  }

  async #request(caller: string, { startMs, ask }: { startMs: number; ask: Ask }): Promise<void> {
    const token = `t${this.#sent++}`;
    const answered = await ask(token).catch(() => false);
    const endMs = hostClock.nowMs();
    this.#front.push({ from: LOAD, to: caller, route: 'all', token, startMs, endMs, status: answered ? 200 : 502 });
  }

  /** Without any fault, to calibrate by. */
  async baseline(lengthMs: number): Promise<void> {
    const fromMs = hostClock.nowMs();
    await sleep(hostClock, lengthMs);
    this.#baselineMs = [fromMs, hostClock.nowMs()];
  }

  /** Has a fault on all links to these callees for so long. */
  async fault(
    step: string,
    { callees, lengthMs, ...given }: { callees: readonly string[]; lengthMs: number; type: string; [field: string]: unknown },
  ): Promise<HistoryFault & { toMs: number }> {
    const proxies = [...this.#ports.keys()].filter((name) => callees.some((callee) => name.endsWith(`->${callee}`)));
    for (const noise of this.#noise) this.#daemon.renewFault(noise);
    const id = `r/${step}`;
    const fromMs = hostClock.nowMs();
    this.#daemon.inject({ run: 'r', faults: [faultSpecSchema.parse({ id, proxies, lease: '60s', ...given })] });
    await sleep(hostClock, lengthMs);
    const toMs = hostClock.nowMs();
    const [ended] = this.#daemon.heal({ faults: [id] });
    const fault = { step, fromMs, toMs, instances: callees, matched: ended?.matched ?? 0, applied: ended?.applied ?? 0 };
    this.#faults.push(fault);
    return fault;
  }

  /** A callee itself stands still for so long; nothing is injected. */
  async pause(step: string, { callee, lengthMs }: { callee: string; lengthMs: number }): Promise<HistoryFault & { toMs: number }> {
    const fromMs = hostClock.nowMs();
    this.#callees.get(callee)?.pause?.(true);
    await sleep(hostClock, lengthMs);
    this.#callees.get(callee)?.pause?.(false);
    const fault = { step, fromMs, toMs: hostClock.nowMs(), instances: [callee] };
    this.#faults.push(fault);
    return fault;
  }

  /** What there is to judge these callers by. */
  record(callers: readonly string[]): RunRecord {
    const seen = this.#daemon.observations.read(0, OBSERVATIONS_MAX).observations;
    const wire = seen.filter((o): o is Exchange => o.kind === 'exchange' && callers.includes(o.from));
    const exchanges = [...this.#front.filter((e) => callers.includes(e.to)), ...wire];
    return recordOf({ exchanges, faults: this.#faults, gateways: callers, baseline: this.#baselineMs });
  }

  async endLoads(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loads);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endLoads();
    await this.#daemon[Symbol.asyncDispose]();
    for (const callee of this.#callees.values()) await callee[Symbol.asyncDispose]();
  }
}

function portIn(listen: string): number {
  return Number(listen.split(':').at(-1));
}

async function startCallee(): Promise<Callee> {
  const server = http.createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
