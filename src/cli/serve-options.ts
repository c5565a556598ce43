/** What `faultlab serve` can be told on its command line. */
import { type Command, Option } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../control/daemon-log.js';
import { parsePort, parseSeed } from './serve-arguments.js';

export interface ServeOptions {
  host: string;
  port: number;
  environment: string;
  tokenFile?: string;
  proxy: string[];
  config?: string;
  gateway?: string;
  route: string[];
  state?: string;
  seed: number;
  proxyMetrics?: true;
  runtimeMetrics?: true;
  metrics?: true;
  ui?: true;
  runs?: string;
  allowRuns?: true;
  log?: 'json';
  logLevel: LogLevel;
  logFile?: string;
  json?: true;
  endWithParent?: true;
}

export function addServeOptions(command: Command): Command {
  return command
    .option('--host <address>', 'address of the control API; any but loopback needs --token-file', '127.0.0.1')
    .option('--port <port>', 'port of the control API, 0 for any free one', parsePort, 8474)
    .option('--environment <name>', 'a plan must name the same one, else it is refused', 'local')
    .option('--token-file <file>', 'file that holds the token callers must send')
    .option('--proxy <spec>', 'a proxy to start with; may be repeated', (value: string, all: string[]) => [...all, value], [])
    .option('--config <file>', 'proxies to start with, in Toxiproxy’s JSON; each may have `toxics`')
    .option('--gateway <address>', 'one port that leads to many proxies, like 127.0.0.1:8888')
    .option(
      '--route <spec>',
      'where the gateway leads: host=payments,path=/,links=a+b; may be repeated',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--seed <number>', 'chooses which connections the shares of toxics hit; the same for the same number', parseSeed, 0)
    .option('--state <folder>', 'folder to keep the lab CA in; in memory, and a new one each time, if omitted')
    .option('--proxy-metrics', 'serve the traffic of the proxies at /metrics')
    .option('--runtime-metrics', 'serve figures about the daemon’s own process at /metrics, beside what else is asked for')
    .option('--metrics', 'serve attempts, latencies, faults and the traffic of --proxy-metrics at /metrics, for Prometheus')
    .option('--ui', 'serve the dashboard at /ui/, and what it shows; runs that use this daemon appear there')
    .option('--runs <folder>', 'tell of the runs in this folder, their reports, pictures and how they compare; runs if omitted beside --ui')
    .option('--allow-runs', 'let the page start experiments: the programs that they name run as you')
    .addOption(
      new Option('--log <format>', 'write down what the daemon does, who changed what, and which faults were on').choices(['json']),
    )
    .addOption(new Option('--log-level <level>', 'how much of it').choices(LOG_LEVELS).default('info'))
    .option('--log-file <file>', 'where it is written to; standard error if omitted')
    .option('--json', 'say the address as JSON')
    .option('--end-with-parent', 'end when standard input has ended and the links are clean and quiet');
}
