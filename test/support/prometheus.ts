/** Debian's Prometheus for one test file, on a free port of loopback: it scrapes itself and whom it is told to, and keeps its data in a folder that goes with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';

const PROGRAM = '/usr/bin/prometheus';
const READY_TRIES = 300;
const MINUTE_S = 60;

export const hasPrometheus = existsSync(PROGRAM);

export interface StartedPrometheus extends AsyncDisposable {
  readonly url: string;
  /** The series that an expression gives now. Rejects with what is wrong with it. */
  now(expr: string): Promise<unknown[]>;
  /** Those that it gave at any time of the last minute, as Grafana asks for a chart and the marks on it. */
  ever(expr: string): Promise<unknown[]>;
}

/** `targets`: job → address of what is to be scraped beside it. */
export async function startPrometheus(targets: Readonly<Record<string, string>> = {}): Promise<StartedPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'faultlab-prometheus-'));
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'prometheus.yml');
  const jobs = Object.entries({ self: `127.0.0.1:${port}`, ...targets }).map(
    ([name, address]) => `{job_name: ${name}, scrape_interval: 200ms, static_configs: [{targets: ["${address}"]}]}`,
  );
  await writeFile(config, `scrape_configs: [${jobs.join(', ')}]\n`);
  const features = '--enable-feature=exemplar-storage';
  const options = [
    features,
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = spawn(PROGRAM, options, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  const ask = async (path: string, expr: string): Promise<unknown[]> => {
    const answer = await fetch(`${url}/api/v1/${path}&query=${encodeURIComponent(expr)}`);
    const body = (await answer.json()) as { error?: string; data?: { result: unknown[] } };
    if (body.data === undefined) throw new Error(`${expr}: ${body.error}`);
    return body.data.result;
  };
  return {
    url,
    now: (expr) => ask('query?', expr),
    ever: (expr) => {
      const end = Date.now() / 1_000;
      return ask(`query_range?start=${end - MINUTE_S}&end=${end}&step=0.25`, expr);
    },
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    const response = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (response?.status === 200) return;
    await sleep(100);
  }
  throw new Error('Prometheus did not become ready');
}
