/**
 * What the daemon does, as JSON lines for whoever gathers logs: its life, who changed what through its API, faults that came and went, leases that ran out, halts. Bodies,
 * queries and tokens are never in it. What a reader would get wrong: it is written behind the daemon's back, and a reader that stands still loses lines, never traffic.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Logger, pino } from 'pino';
import type { Clock } from '../core/clock.js';
import type { Daemon } from '../dataplane/daemon.js';
import { type FaultChange, isFaultEnd, type Observation } from '../journal/observations.js';
import type { ObservationFollower } from './observation-follower.js';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Text that waits to be written; beyond it lines are dropped, and counted. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;
const PATH_CHARACTERS_MAX = 500;
const AGENT_CHARACTERS_MAX = 100;
/** What runs ask again and again: worth a line only to who looks for faults of ours. */
const ROUTINE = /^\/v1\/(?:runs\/[^/]+\/(?:renew|events)|hand\/renew)$/;
const READS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface DaemonLogOptions {
  clock: Clock;
  /** `info` if left out; `debug` tells of what runs ask all the time, too. */
  level?: LogLevel | undefined;
  destination: LogDestination;
}

/** Written to in whole lines, and let go of when there will be no more. */
export interface LogDestination extends Disposable {
  write(line: string): void;
}

/** A file, or a number for what is open already (2 is standard error), that nobody waits for. */
export function logDestination(dest: string | number): LogDestination {
  const destination = pino.destination({ dest, sync: false, maxLength: WAITING_BYTES_MAX, mkdir: true });
  let droppedCount = 0;
  destination.on('drop', () => {
    droppedCount += 1;
  });
  // A log that cannot be written ends no daemon.
  destination.on('error', () => {});
  return {
    write: (line) => void destination.write(line),
    [Symbol.dispose]: () => {
      if (droppedCount > 0) destination.write(`${JSON.stringify({ level: 'warn', msg: 'lines were lost', count: droppedCount })}\n`);
      try {
        destination.flushSync();
      } catch {
        // It was never opened, or its reader is gone: there is nobody to tell.
      }
    },
  };
}

export class DaemonLog implements Disposable {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #destination: LogDestination;
  #daemon: Daemon | undefined;
  #wasHalted = false;

  constructor({ clock, level = 'info', destination }: DaemonLogOptions) {
    this.#clock = clock;
    this.#destination = destination;
    this.#logger = pino(
      {
        level,
        base: { pid: process.pid },
        timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    );
  }

  /** From now on it tells what becomes of this daemon's faults. */
  attach(daemon: Daemon, follower: ObservationFollower): void {
    this.#daemon = daemon;
    this.#wasHalted = daemon.status().halted !== null;
    follower.listen({
      onObservation: (observation) => this.#observe(observation),
      onLost: (count) => this.#logger.warn({ count }, 'observations were overwritten before they could be logged'),
    });
  }

  serving(about: { url: string; environment: string; version: string }): void {
    this.#logger.info(about, 'serving');
  }

  ended(): void {
    this.#logger.info('ended');
  }

  /** Writes what waits. */
  [Symbol.dispose](): void {
    this.#destination[Symbol.dispose]();
  }

  /** A failure of ours. */
  failed(error: unknown): void {
    this.#logger.error({ err: error }, 'internal error');
  }

  /** Tells of a request once it is answered, if it could change something. */
  heed(request: IncomingMessage, response: ServerResponse): void {
    if (READS.has(request.method)) return;
    const startedMs = this.#clock.nowMs();
    const peer = request.socket.remoteAddress;
    response.once('close', () => {
      this.#tell(request, { status: response.statusCode, peer, tookMs: Math.round(this.#clock.nowMs() - startedMs) });
      this.#noteHalt();
    });
  }

  #tell({ method, url = '', headers }: IncomingMessage, answered: { status: number; peer: string | undefined; tookMs: number }): void {
    const path = url.replace(/[?#].*$/s, '').slice(0, PATH_CHARACTERS_MAX);
    const about = { method, path, ...answered, agent: headers['user-agent']?.slice(0, AGENT_CHARACTERS_MAX) };
    if (answered.status >= 400) this.#logger.warn(about, 'refused');
    else if (ROUTINE.test(path)) this.#logger.debug(about, 'asked');
    else this.#logger.info(about, 'changed');
  }

  #noteHalt(): void {
    const halted = this.#daemon?.status().halted ?? null;
    if ((halted !== null) === this.#wasHalted) return;
    this.#wasHalted = halted !== null;
    if (halted === null) this.#logger.warn('halt lifted');
    else this.#logger.warn({ reason: halted.reason }, 'halted');
  }

  #observe(observation: Observation): void {
    if (observation.kind === 'fault') this.#noteFault(observation);
  }

  #noteFault({ fault, run, change, matched, appliedCount, skipped, performs, proxies }: FaultChange): void {
    if (change === 'applied') this.#logger.info({ fault, run, type: performs, proxies }, 'fault on');
    else if (!isFaultEnd(change)) this.#logger.debug({ fault, run, change }, 'fault changed');
    else {
      const about = { fault, run, how: change, matched, applied: appliedCount, skipped };
      if (change === 'expired') this.#logger.warn(about, 'lease ran out, fault off');
      else this.#logger.info(about, 'fault off');
    }
  }
}
