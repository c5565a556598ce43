/** `faultlab serve`: the daemon. It says its address, then works until it is told to end; a daemon that a run started also ends when its parent is gone and its links are clean and quiet. */

import { readFileSync } from 'node:fs';
import { DaemonLog, logDestination } from '../../control/daemon-log.js';
import { gatewaySchema } from '../../control/gateway-keeper.js';
import { ControlServer } from '../../control/server.js';
import { reasonOf } from '../../core/errors.js';
import { Daemon, type ProxyStatus } from '../../dataplane/daemon.js';
import { LabAuthority } from '../../dataplane/tls/lab-authority.js';
import { type CliContext, defineCommand } from '../command.js';
import { readToken } from '../connection.js';
import { openLibrary } from '../library/open-library.js';
import { orphaned } from '../orphaned.js';
import { parseProxy } from '../proxy-text.js';
import { parseRoute } from '../route-text.js';
import { aborted } from '../serve-arguments.js';
import { addServeOptions, type ServeOptions } from '../serve-options.js';

/** Where the gateway listens if routes were given and no address. */
const GATEWAY_DEFAULT = '127.0.0.1:8888';

/** Where `run` makes run folders unless it is told otherwise. */
const RUNS_DEFAULT = 'runs';

/** What `/metrics` is to tell of. */
const figuresOf = ({ proxyMetrics, runtimeMetrics, metrics }: ServeOptions) => ({ proxyMetrics, runtimeMetrics, metrics });

/** Undefined: nothing is told of runs, and none is started. */
function libraryOf(context: CliContext, { ui, runs, allowRuns, tokenFile }: ServeOptions) {
  if (ui === undefined && runs === undefined && allowRuns === undefined) return undefined;
  return openLibrary(context, { runs: runs ?? RUNS_DEFAULT, allowRuns, tokenFile });
}

const STANDARD_ERROR = 2;

/** Undefined: nobody wants to know. */
function openLog({ clock }: CliContext, { log, logLevel, logFile }: ServeOptions): DaemonLog | undefined {
  return log === undefined && logFile === undefined
    ? undefined
    : new DaemonLog({ clock, level: logLevel, destination: logDestination(logFile ?? STANDARD_ERROR) });
}

/** As Toxiproxy does: what is wrong with the file is said, and the daemon starts with the proxies that there are. */
async function populate({ warn }: CliContext, server: ControlServer, file: string): Promise<void> {
  try {
    await server.populate(readFileSync(file));
  } catch (error) {
    warn(`faultlab: ${file}: the proxies could not all be created: ${reasonOf(error)}`);
  }
}

function sayServing(
  { say }: CliContext,
  { environment, ui, json }: ServeOptions,
  { url, gateway, proxies }: { url: string; gateway: string | null; proxies: readonly ProxyStatus[] },
): void {
  const page = ui ? `${url}/ui/` : null;
  if (json) {
    say(JSON.stringify({ url, pid: process.pid, environment, gateway, page }));
    return;
  }
  say(`faultlab daemon for environment "${environment}" at ${url}`);
  if (page !== null) say(`  dashboard: ${page}`);
  for (const { name, listen, upstream, protocol } of proxies) say(`  ${name}: ${protocol} ${listen} -> ${upstream}`);
  if (gateway !== null) say(`  gateway: http://${gateway}`);
}

export const serve = defineCommand({
  name: 'serve',
  summary: 'Start the daemon: proxies, faults and their control API.',
  example: 'faultlab serve --proxy name=payments,protocol=http,listen=127.0.0.1:9000,upstream=127.0.0.1:8080',
  takesGoFlags: true,
  configure: (command, context) => {
    addServeOptions(command).action(async (options: ServeOptions) => {
      const proxies = options.proxy.map(parseProxy);
      const routes = options.route.map(parseRoute);
      const token = readToken(options.tokenFile);
      const authority = new LabAuthority(context.clock, { folder: options.state });
      using log = openLog(context, options);
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
        pageFolder: options.ui && context.pageFolder,
        log,
        onError: (error) => {
          log?.failed(error);
          context.warn(`faultlab: ${error instanceof Error ? error.stack : String(error)}`);
        },
      });
      if (options.config !== undefined) await populate(context, server, options.config);
      const url = await server.listen();
      log?.serving({ url, environment: options.environment, version: context.version });
      // Ended first: a run that was started from here heals by way of this daemon.
      await using running = library;
      running?.starter?.servedAt(url);
      await context.home
        .register({ url, environment: options.environment })
        .catch((error: unknown) => context.warn(`faultlab: \`faultlab halt\` cannot find this daemon by itself: ${reasonOf(error)}`));
      for (const spec of proxies) await daemon.createProxy(spec);
      const listen = options.gateway ?? (routes.length > 0 ? GATEWAY_DEFAULT : undefined);
      const gateway = listen === undefined ? null : (await server.gateway.set(gatewaySchema.parse({ listen, routes }))).listen;
      sayServing(context, options, { url, gateway, proxies: daemon.proxies() });
      const interrupted = aborted(context.interrupted);
      await (options.endWithParent ? Promise.race([interrupted, orphaned(context, daemon)]) : interrupted);
      await context.home.unregister();
      log?.ended();
      if (!options.json) context.say('ended: every fault healed, every proxy closed');
    });
  },
});
