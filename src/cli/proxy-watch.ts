/**
 * `faultlab proxy watch`: what crosses one proxy, as it ends. It reads the daemon's own stream from now on; whoever watches changes nothing for others, and
 * what comes faster than it can be read is counted, not kept.
 */
import type { Command } from 'commander';
import { LabError } from '../core/errors.js';
import { formatMs } from '../core/units.js';
import type { Connection, Exchange, Observation } from '../journal/observations.js';
import { printable } from '../reports/printable.js';
import type { CliContext } from './command.js';
import { type ConnectOptions, connectDaemon } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';

/** A daemon that is asked waits so long for something to tell. */
const WAIT_MS = 1_000;

interface WatchOptions extends ConnectOptions {
  json?: true;
}

export function addProxyWatchCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'watch',
    summary: 'Show the requests and connections of a proxy as they end, until Ctrl-C.',
    example: 'faultlab proxy watch payments',
  })
    .argument('<name>', 'name of the proxy')
    .option('--json', 'one JSON object a line, with all that is noted')
    .action((name: string, options: WatchOptions) => watch(context, name, options));
}

async function watch({ interrupted, say, warn }: CliContext, name: string, options: WatchOptions): Promise<void> {
  const driver = connectDaemon(options);
  if (!(await driver.proxies()).some((proxy) => proxy.name === name)) throw new LabError('PROXY_UNKNOWN', { proxy: name });
  let after = (await driver.status()).newestObservation;
  while (!interrupted.aborted) {
    const page = await driver.observations({ after, waitMs: WAIT_MS, signal: interrupted }).catch((error: unknown) => {
      if (interrupted.aborted) return undefined;
      throw error;
    });
    if (page === undefined) return;
    after = page.next;
    if (page.lost > 0) warn(`${page.lost} observations were lost: they came faster than they were read`);
    for (const one of page.observations) if (isOf(one, name)) say(options.json ? JSON.stringify(one) : lineOf(one));
  }
}

function isOf(observation: Observation, name: string): observation is Exchange | Connection {
  return (observation.kind === 'exchange' || observation.kind === 'connection') && observation.link === name;
}

function lineOf(observation: Exchange | Connection): string {
  const { connection, startMs, endMs, bytesUp, bytesDown, end, applied = [] } = observation;
  const what =
    observation.kind === 'connection'
      ? [`connection ${connection}`, end]
      : [`${connection}#${observation.ordinal}`, observation.method, observation.path, observation.status ?? '–', end];
  const figures = [formatMs(endMs - startMs), `${bytesUp} B up`, `${bytesDown} B down`];
  return printable([...what, ...figures, ...(applied.length === 0 ? [] : [`hit by ${applied.join(', ')}`])].join('  '));
}
