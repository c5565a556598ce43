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

export const hasPrometheus = existsSync(PROGRAM);

export interface StartedPrometheus extends AsyncDisposable {
  readonly url: string;
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
  return {
    url,
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
