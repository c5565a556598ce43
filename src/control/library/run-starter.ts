/**
 * Carries out what was planned, as a process of its own that uses this daemon: one at a time. What it says is kept up to a bound. A run is ended by
 * SIGINT, as by Ctrl-C, so that it heals first; only one that does not end within a minute is killed, and then its leases end its faults.
 */
import assert from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type Clock, sleep } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { PlanRequest } from './clerk.js';
import type { Started, StartedRun } from './contract.js';

const LINES_MAX = 200;
const LINE_CHARACTERS_MAX = 500;
const ENDS_WITHIN_MS = 60_000;

/** What of the lines of `run --json` matters here. */
const startedSchema = z.object({ type: z.literal('runStarted'), run: z.string() });
const reportSchema = z.object({ type: z.literal('report'), verdict: z.string(), exit: z.object({ reason: z.string() }) });

export interface RunStarterPorts {
  clock: Clock;
  /** `node main.js`. */
  self: readonly string[];
  /** Where run folders are made. */
  runs: string;
  /** Holds this daemon's token. */
  tokenFile?: string | undefined;
}

export interface StartRequest {
  /** The plan's id, for whoever looks. */
  plan: string;
  title: string;
  request: PlanRequest;
  /** Where a shipped experiment lies. */
  path: string | null;
}

type End = Pick<Extract<Started, { kind: 'ended' }>, 'exitCode' | 'verdict' | 'reason'>;

interface Carried {
  child: ChildProcess;
  said: { -readonly [K in keyof StartedRun]: StartedRun[K] } & { lines: string[] };
  report: { verdict: string; reason: string } | undefined;
  end: End | undefined;
  isStopping: boolean;
  /** When its process has ended and its folder is gone. */
  over: Promise<void>;
}

export class RunStarter implements AsyncDisposable {
  readonly #ports: RunStarterPorts;
  #carried: Carried | undefined;
  #isStarting = false;
  #url: string | undefined;

  constructor(ports: RunStarterPorts) {
    this.#ports = ports;
  }

  /** Where this daemon is reached: known when it listens. */
  servedAt(url: string): void {
    this.#url = url;
  }

  get started(): Started {
    const { said, end } = this.#carried ?? {};
    if (said === undefined) return { kind: 'none', mayStart: true };
    return end === undefined ? { kind: 'running', mayStart: true, ...said } : { kind: 'ended', mayStart: true, ...said, ...end };
  }

  /** Rejects with RUN_ACTIVE while one goes on that was started from here. */
  async start(start: StartRequest): Promise<Started> {
    const current = this.#carried;
    if (this.#isStarting || (current !== undefined && current.end === undefined))
      throw new LabError('RUN_ACTIVE', { run: current?.said.run ?? current?.said.title ?? start.title });
    this.#isStarting = true;
    try {
      const folder = await mkdtemp(join(tmpdir(), 'faultlab-plan-'));
      const { source } = start.request;
      const file = start.path ?? join(folder, source.kind === 'text' ? source.name : 'plan.yaml');
      if (source.kind === 'text') await writeFile(file, source.text, { mode: 0o600 });
      this.#carried = this.#carry(start, { file, folder });
    } finally {
      this.#isStarting = false;
    }
    return this.started;
  }

  /** As Ctrl-C does: it heals, judges and ends. Once, because a second signal means: without healing. */
  stop(): Started {
    const carried = this.#carried;
    if (carried !== undefined && carried.end === undefined && !carried.isStopping) {
      carried.isStopping = true;
      carried.child.kill('SIGINT');
    }
    return this.started;
  }

  /** Whoever ends the daemon ends the run first, or it would lose what it has to heal by. */
  async [Symbol.asyncDispose](): Promise<void> {
    const carried = this.#carried;
    if (carried === undefined) return;
    this.stop();
    const late = new AbortController();
    await Promise.race([carried.over, sleep(this.#ports.clock, ENDS_WITHIN_MS, late.signal).catch(() => {})]);
    late.abort();
    if (carried.end === undefined) carried.child.kill('SIGKILL');
    await carried.over;
  }

  #carry(start: StartRequest, { file, folder }: { file: string; folder: string }): Carried {
    const [program = process.execPath, ...words] = [...this.#ports.self, ...this.#wordsOf(start, file)];
    // In a group of its own: Ctrl-C at the daemon's terminal would reach it beside our own signal, and two of them end it without healing.
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const said = {
      plan: start.plan,
      title: start.title,
      pid: child.pid ?? 0,
      startedWallMs: this.#ports.clock.wallMs(),
      run: null,
      lines: [],
      linesLost: 0,
    };
    const carried: Carried = { child, said, report: undefined, end: undefined, isStopping: false, over: Promise.resolve() };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => hear(carried, line));
    }
    carried.over = ended(carried, folder);
    return carried;
  }

  #wordsOf({ request: { variables, variant, seed } }: StartRequest, file: string): readonly string[] {
    const { runs, tokenFile } = this.#ports;
    assert(this.#url !== undefined, 'a run can be started when the daemon listens');
    return [
      'run',
      file,
      '--json',
      '--allow-exec',
      '--out',
      runs,
      '--connect',
      this.#url,
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
      ...(variant === undefined ? [] : ['--variant', variant]),
      ...(seed === undefined ? [] : ['--seed', String(seed)]),
      ...(tokenFile === undefined ? [] : ['--token-file', tokenFile]),
    ];
  }
}

/** Events are in the journal and on the page already; what is kept is the run's name, its verdict, and what is said in words. */
function hear(carried: Carried, line: string): void {
  const { said } = carried;
  const event = line.startsWith('{') ? parsed(line) : undefined;
  const started = startedSchema.safeParse(event);
  if (started.success) said.run = started.data.run;
  const report = reportSchema.safeParse(event);
  if (report.success) carried.report = { verdict: report.data.verdict, reason: report.data.exit.reason };
  if (event !== undefined) return;
  said.lines.push(line.slice(0, LINE_CHARACTERS_MAX));
  if (said.lines.length <= LINES_MAX) return;
  said.lines.shift();
  said.linesLost += 1;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function ended(carried: Carried, folder: string): Promise<void> {
  try {
    const [exitCode] = (await once(carried.child, 'close')) as [number | null];
    carried.end = { exitCode, verdict: null, reason: null, ...carried.report };
  } catch (error) {
    // It could not even be started.
    carried.end = { exitCode: null, verdict: null, reason: reasonOf(error) };
  }
  await rm(folder, { recursive: true, force: true });
}
