/** A real etcd of one member for a test: ports and data of its own, and with TLS and users where a test asks for them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { EtcdClient } from '../../src/etcd/client.js';
import type { EtcdOptions } from '../../src/etcd/transport.js';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';

const READY_TRIES = 600;

export function hasEtcd(): boolean {
  try {
    execFileSync('etcd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface EtcdServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Ends it as a crash would, and waits. */
  kill(): Promise<void>;
  /** Starts it again on its port, with the data that it had. */
  start(): Promise<void>;
}

export interface EtcdSetting {
  /** PEM texts of the server's own certificate. */
  tls?: { cert: string; key: string; ca: string };
}

/** Ends with the test. */
export async function startEtcd({ tls }: EtcdSetting = {}): Promise<EtcdServer> {
  const [client = 0, peer = 0] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-etcd-'));
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  const files = ['cert', 'key', 'ca'].map((name) => join(folder, `${name}.pem`));
  if (tls) for (const [i, text] of [tls.cert, tls.key, tls.ca].entries()) writeFileSync(files[i] ?? '', text);
  const secure = tls ? ['--cert-file', files[0] ?? '', '--key-file', files[1] ?? ''] : [];
  const places = ['--listen-client-urls', url, '--advertise-client-urls', url, '--listen-peer-urls', peerUrl];
  const cluster = ['--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `n1=${peerUrl}`];
  const args = ['--name', 'n1', '--data-dir', join(folder, 'data'), '--log-level', 'error', ...places, ...cluster, ...secure];
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    child = spawn('etcd', args, { stdio: 'ignore' });
    await untilReady({ clock: hostClock, endpoints: [url], tls: tls && { ca: tls.ca } });
  };
  await start();
  const dispose = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  onTestFinished(dispose);
  return {
    url,
    get pid() {
      return child?.pid ?? 0;
    },
    kill,
    start,
    [Symbol.asyncDispose]: dispose,
  };
}

async function untilReady(options: EtcdOptions): Promise<void> {
  await using client = new EtcdClient(options);
  for (let n = 0; n < READY_TRIES; n++) {
    // A refusal is an answer: with users, nobody without a name may read.
    const problem = await client.read({ key: 'ready' }).then(
      () => undefined,
      (error: { code?: string }) => (error.code === 'ETCD_REFUSED' ? undefined : error),
    );
    if (problem === undefined) return;
    await sleep(50);
  }
  throw new Error('etcd did not come up');
}

/** Adds root and one user who may read and write below a prefix, and switches authentication on. */
export function enableUsers(server: EtcdServer, { name, password, prefix }: { name: string; password: string; prefix: string }): void {
  const ctl = (...args: string[]): void => {
    const env = { ...process.env, ETCDCTL_API: '3' };
    execFileSync('etcdctl', [`--endpoints=${server.url}`, ...args], { env, stdio: 'ignore' });
  };
  ctl('user', 'add', 'root:root');
  ctl('user', 'grant-role', 'root', 'root');
  ctl('user', 'add', `${name}:${password}`);
  ctl('role', 'add', name);
  ctl('role', 'grant-permission', name, 'readwrite', '--prefix=true', prefix);
  ctl('user', 'grant-role', name, name);
  ctl('auth', 'enable');
}
