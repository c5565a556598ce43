/**
 * A run small enough to be broken many times: a service of its own that relays to a server of the test's, one link between the two, one fault that
 * answers half of the requests itself. And what can be asked of such a run from outside: its daemon, its journal, its processes.
 */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ProxyStatus } from '../../src/dataplane/daemon.js';
import type { FaultStatus } from '../../src/dataplane/fault-status.js';
import type { JournalEvent } from '../../src/journal/events.js';
import { readJournal } from '../../src/journal/reader.js';
import { type LiveRun, listRuns, RunFolder } from '../../src/journal/store.js';
import { eventually } from './faultlab.js';

/** An orphaned daemon waits 15 s for its links to stay quiet, the more on a machine with other things to do. */
const ORPHAN_MS = 60_000;

/** A server that answers `ok` to everything. */
export async function startBack(): Promise<{ address: string } & AsyncDisposable> {
  const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const RELAY = [
  "const http = require('http');",
  'const relay = (request, response) => http',
  ".get('http://' + process.env.BACK + request.url, (r) => r.pipe(response.writeHead(r.statusCode)))",
  ".on('error', () => response.writeHead(502).end());",
  "http.createServer(relay).listen(process.env.PORT, '127.0.0.1');",
].join(' ');

export interface SmallRun {
  /** `host:port` of what the service calls. */
  back: string;
  lease?: string;
  /** Of the fault. */
  duration?: string;
  /** Steps before the fault, as YAML. */
  steps?: readonly string[];
  /** JavaScript that the service does besides relaying. */
  besides?: string;
  /** `rollback.strategy` */
  rollback?: string;
  /** How long it goes on before the method. */
  baseline?: string;
  /** How long it goes on after the fault. */
  settle?: string;
  ratePerSecond?: number;
  environment?: string;
}

/** Ends with exit code 0 if nothing comes in between, about two seconds and the fault's duration after its services are up. */
export function smallRun(given: SmallRun): string {
  const {
    back,
    lease = '1s',
    duration = '1s',
    steps = [],
    besides = '',
    rollback = 'always',
    baseline = '500ms',
    settle = '500ms',
    ratePerSecond = 50,
    environment = 'local',
  } = given;
  return `
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: small}
environment: ${environment}
seed: 1
topology:
  services:
    front: {protocol: http, instances: 1, argv: [node, -e, ${JSON.stringify(`${RELAY} ${besides}`)}], env: {PORT: "\${self.port}", BACK: "\${link.back}"}}
    back: {protocol: http, instances: [{name: back-1, address: "${back}"}]}
  links: [{from: front, to: back}]
load: {target: front, rate: ${ratePerSecond}/s, requests: [{name: all, path: "/\${key}"}]}
steadyState: {baseline: ${baseline}, settle: ${settle}}
stopConditions: [{harmed: {max: 100000}}]
rollback: {strategy: ${rollback}}
method:${steps.map((step) => `\n  - ${step}`).join('')}
  - name: failing
    fault: {type: abort, target: {from: front, to: back}, value: {status: 503}, percentage: 50, duration: ${duration}, lease: ${lease}}
`;
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

export async function faultsOf(daemonUrl: string): Promise<readonly FaultStatus[]> {
  return (await get<{ faults: FaultStatus[] }>(`${daemonUrl}/v1/faults`)).faults;
}

export async function proxiesOf(daemonUrl: string): Promise<readonly ProxyStatus[]> {
  return (await get<{ proxies: ProxyStatus[] }>(`${daemonUrl}/v1/proxies`)).proxies;
}

/** The run that steers a daemon. */
export async function steering(daemonUrl: string): Promise<string | null> {
  return (await get<{ run: string | null }>(`${daemonUrl}/v1/status`)).run;
}

/** The newest run of a folder; fails if there is none. */
export async function newestRun(out: string): Promise<RunFolder> {
  const [run] = await listRuns(out);
  if (run === undefined) throw new Error(`no run in ${out}`);
  return new RunFolder(out, run);
}

/** What can be read of a journal, none of it if there is none yet. */
export async function journalOf(folder: RunFolder): Promise<readonly JournalEvent[]> {
  return (await readJournal(folder.journal).catch(() => ({ events: [] }))).events;
}

/** What a run says of itself while it is alive, or said when it was killed; rejects if it did not come to that. */
export async function liveOf(folder: RunFolder): Promise<LiveRun> {
  return JSON.parse(await readFile(join(folder.path, 'live.json'), 'utf8')) as LiveRun;
}

/** Fails, and says what, if anything of a home is still running after as long as an orphaned daemon may wait. Linux only. */
export async function untilNothingRuns(home: string): Promise<void> {
  let left: readonly string[] = [];
  const isOver = async (): Promise<boolean> => {
    left = await processesOf(home);
    return left.length === 0;
  };
  await eventually(() => `nothing of ${home} runs any more; there still are: ${left.join('; ')}`, isOver, ORPHAN_MS);
}

/** Every process of the machine that was started with this FAULTLAB_HOME, by a run or by what it started. Linux only. */
export async function processesOf(home: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`FAULTLAB_HOME=${home}`)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // A process that has ended and was not yet waited for has no command line.
    if (command !== '') found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
  }
  return found;
}
