/** `faultlab gateway …`: one port for callers that cannot take a port for each dependency. */
import { LabError } from '../../core/errors.js';
import { isSameRoute } from '../../orchestrator/drivers/driver.js';
import { printable } from '../../reports/printable.js';
import { type CliContext, defineCommand } from '../command.js';
import { addConnectOptions, type ConnectOptions, connectDaemon } from '../connection.js';
import { renderTable } from '../table.js';

interface GatewayOptions extends ConnectOptions {
  listen?: string;
  path: string;
  from?: string;
  json?: true;
}
type Status = Awaited<ReturnType<ReturnType<typeof connectDaemon>['gateway']>>;

export const gateway = defineCommand({
  name: 'gateway',
  summary: 'One port that leads callers to many proxies by host and path: a forward proxy (HTTP_PROXY) and a reverse proxy.',
  example: 'faultlab gateway route payments payments-1 payments-2 --listen 127.0.0.1:8888',
  configure: (command, context) => {
    addConnectOptions(command.command('show', { isDefault: true }).description('Show where it listens and where it leads.'))
      .option('--json', 'as JSON')
      .action(async (options: GatewayOptions) => show(context, await connectDaemon(options).gateway(), options));
    addConnectOptions(command.command('route').description('Lead a host to proxies, in turn; opens the gateway if there is none.'))
      .argument('<host>', 'host that callers ask for, like payments or payments:8080; * takes any')
      .argument('<proxies...>', 'names of the proxies')
      .option('--path <path>', 'only paths that begin with it', '/')
      .option('--from <caller>', 'only callers that name themselves so in the proxy’s URL, http://NAME@…')
      .option('--listen <address>', 'where the gateway listens')
      .option('--json', 'as JSON')
      .action(async (host: string, links: string[], options: GatewayOptions) => {
        const driver = connectDaemon(options);
        const { path, from, listen } = options;
        const kept = (await driver.gateway()).routes.filter((route) => !isSameRoute(route, { host, path, from }));
        show(
          context,
          await driver.setGateway({ listen, routes: [...kept, { host, path, ...(from !== undefined && { from }), links }] }),
          options,
        );
      });
    addConnectOptions(command.command('unroute').description('Lead a host nowhere any more.'))
      .argument('<host>', 'as it was given to `route`')
      .option('--path <path>', 'as it was given to `route`', '/')
      .option('--from <caller>', 'as it was given to `route`')
      .option('--json', 'as JSON')
      .action(async (host: string, options: GatewayOptions) => {
        const driver = connectDaemon(options);
        const { routes } = await driver.gateway();
        const kept = routes.filter((route) => !isSameRoute(route, { host, path: options.path, from: options.from }));
        if (kept.length === routes.length)
          throw new LabError('USAGE', { problem: `no route for ${host}${options.path}; \`faultlab gateway\` lists the routes` });
        show(context, await driver.setGateway({ routes: kept }), options);
      });
    addConnectOptions(command.command('close').description('Close it; what goes through it is cut.')).action(
      async (options: ConnectOptions) => {
        await connectDaemon(options).closeGateway();
        context.say('closed');
      },
    );
  },
});

function show(context: CliContext, status: Status, { json }: GatewayOptions): void {
  if (json) {
    context.say(JSON.stringify(status, null, 2));
    return;
  }
  context.say(status.listen === null ? 'no gateway; `faultlab gateway route HOST PROXY` opens one' : `gateway at http://${status.listen}`);
  const rows = status.routes.map(({ host, path, from, links }) => [host, path, from ?? 'anybody', links.join(' ')].map(printable));
  if (rows.length > 0) context.say(renderTable(['host', 'path', 'for', 'proxies in turn'], rows));
}
