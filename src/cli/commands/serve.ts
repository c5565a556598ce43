/** `faultlab serve`: the daemon. It says its address, then works until it is told to end; a daemon that a run started also ends when its parent is gone and its links are clean and quiet. */

import { readFileSync } from 'node:fs';
import { gatewaySchema } from '../../control/gateway-keeper.js';
import { ControlServer } from '../../control/server.js';
import { reasonOf } from '../../core/errors.js';
import { Daemon } from '../../dataplane/daemon.js';
import { LabAuthority } from '../../dataplane/tls/lab-authority.js';
import { type CliContext, defineCommand } from '../command.js';
import { readToken } from '../connection.js';
import { openLibrary } from '../library/open-library.js';
import { orphaned } from '../orphaned.js';
import { parseProxy } from '../proxy-text.js';
import { parseRoute } from '../route-text.js';
import { aborted, parsePort, parseSeed } from '../serve-arguments.js';

/** Where the gateway listens if routes were given and no address. */
const GATEWAY_DEFAULT = '127.0.0.1:8888';

/** Where `run` makes run folders unless it is told otherwise. */
const RUNS_DEFAULT = 'runs';

interface ServeOptions {
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
  runs?: string;
  allowRuns?: true;
  json?: true;
  endWithParent?: true;
}

/** What `/metrics` is to tell of. */
const figuresOf = ({ proxyMetrics, runtimeMetrics, metrics }: ServeOptions) => ({ proxyMetrics, runtimeMetrics, metrics });

/** Undefined: nothing is told of runs, and none is started. */
function libraryOf(context: CliContext, { runs, allowRuns, tokenFile }: ServeOptions) {
  if (runs === undefined && allowRuns === undefined) return undefined;
  return openLibrary(context, { runs: runs ?? RUNS_DEFAULT, allowRuns, tokenFile });
}

/** As Toxiproxy does: what is wrong with the file is said, and the daemon starts with the proxies that there are. */
async function populate({ warn }: CliContext, server: ControlServer, file: string): Promise<void> {
  try {
    await server.populate(readFileSync(file));
  } catch (error) {
    warn(`faultlab: ${file}: the proxies could not all be created: ${reasonOf(error)}`);
  }
}

export const serve = defineCommand({
  name: 'serve',
  summary: 'Start the daemon: proxies, faults and their control API.',
  example: 'faultlab serve --proxy name=payments,protocol=http,listen=127.0.0.1:9000,upstream=127.0.0.1:8080',
  takesGoFlags: true,
  configure: (command, context) => {
    command
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
      .option('--runs <folder>', 'tell of the runs in this folder: their reports, pictures and how they compare')
      .option('--allow-runs', 'let the page start experiments: the programs that they name run as you')
      .option('--json', 'say the address as JSON')
      .option('--end-with-parent', 'end when standard input has ended and the links are clean and quiet')
      .action(async (options: ServeOptions) => {
        const proxies = options.proxy.map(parseProxy);
        const routes = options.route.map(parseRoute);
        const token = readToken(options.tokenFile);
        const authority = new LabAuthority(context.clock, { folder: options.state });
        const library = libraryOf(context, options);
        await using daemon = new Daemon({ clock: context.clock, environment: options.environment, authority });
        await using server = new ControlServer({
          daemon,
          version: context.version,
          host: options.host,
          port: options.port,
          token,
          seed: options.seed,
          ...figuresOf(options),
          library,
          onError: (error) => context.warn(`faultlab: ${error instanceof Error ? error.stack : String(error)}`),
        });
        if (options.config !== undefined) await populate(context, server, options.config);
        const url = await server.listen();
        // Ended first: a run that was started from here heals by way of this daemon.
        await using running = library;
        running?.starter?.servedAt(url);
        await context.home
          .register({ url, environment: options.environment })
          .catch((error: unknown) => context.warn(`faultlab: \`faultlab halt\` cannot find this daemon by itself: ${reasonOf(error)}`));
        for (const spec of proxies) await daemon.createProxy(spec);
        const listen = options.gateway ?? (routes.length > 0 ? GATEWAY_DEFAULT : undefined);
        const gateway = listen === undefined ? null : (await server.gateway.set(gatewaySchema.parse({ listen, routes }))).listen;
        if (options.json) context.say(JSON.stringify({ url, pid: process.pid, environment: options.environment, gateway }));
        else {
          context.say(`faultlab daemon for environment "${options.environment}" at ${url}`);
          for (const { name, listen, upstream, protocol } of daemon.proxies())
            context.say(`  ${name}: ${protocol} ${listen} -> ${upstream}`);
          if (gateway !== null) context.say(`  gateway: http://${gateway}`);
        }
        const interrupted = aborted(context.interrupted);
        await (options.endWithParent ? Promise.race([interrupted, orphaned(context, daemon)]) : interrupted);
        await context.home.unregister();
        if (!options.json) context.say('ended: every fault healed, every proxy closed');
      });
  },
});
