/** `faultlab proxy …`: proxies by hand on a running daemon. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { LabError } from '../../core/errors.js';
import { explainInLine } from '../../core/explain.js';
import { proxySpecSchema } from '../../dataplane/proxy.js';
import { parseYaml } from '../change-fault.js';
import { type CliContext, defineCommand } from '../command.js';
import { type ConnectOptions, connectDaemon } from '../connection.js';
import { addDaemonCommand } from '../daemon-command.js';
import { addProxyConnectionCommands } from '../proxy-connections.js';
import { addProxyStateCommands } from '../proxy-state.js';
import { addProxyWatchCommand } from '../proxy-watch.js';
import { renderTable } from '../table.js';
import { addTlsOptions, type TlsOptions, tlsFrom } from '../tls-options.js';

interface CreateOptions extends ConnectOptions, TlsOptions {
  listen: string;
  upstream: string;
  protocol: string;
  disabled?: true;
  observe?: unknown;
  json?: true;
}

export const proxy = defineCommand({
  name: 'proxy',
  summary: 'List, create, change or remove proxies on a running daemon.',
  example: 'faultlab proxy create payments --protocol http --listen 127.0.0.1:9000 --upstream 127.0.0.1:8080',
  configure: (command, context) => {
    addListCommand(command, context);
    addCreateCommand(command, context);
    addRemoveCommand(command, context);
    addAuthorityCommand(command, context);
    addProxyStateCommands(command, context);
    addProxyConnectionCommands(command, context);
    addProxyWatchCommand(command, context);
  },
});

function addListCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'list',
    summary: 'Show the proxies with their traffic.',
    example: 'faultlab proxy list --json',
    aliases: ['ls', 'li', 'l'],
  })
    .option('--json', 'as JSON')
    .action(async (options: ConnectOptions & { json?: true }) => {
      const proxies = await connectDaemon(options).proxies();
      if (options.json || proxies.length === 0) context.say(options.json ? JSON.stringify(proxies, null, 2) : 'no proxy');
      else {
        const rows = proxies.map((p) => [
          p.name,
          p.tls.length === 0 ? p.protocol : `${p.protocol}, tls: ${p.tls.join(' ')}`,
          p.enabled ? p.listen : `(${p.listen})`,
          p.upstream,
          p.connections,
          p.bytesUp,
          p.bytesDown,
          p.faults.join(' ') || '–',
        ]);
        context.say(renderTable(['proxy', 'protocol', 'listen', 'upstream', 'connections', 'bytes up', 'bytes down', 'faults'], rows));
      }
    });
}

function addCreateCommand(command: Command, context: CliContext): void {
  addTlsOptions(
    addDaemonCommand(command, {
      name: 'create',
      summary: 'Create a proxy and start listening.',
      example: 'faultlab proxy create payments --listen 127.0.0.1:9000 --upstream 127.0.0.1:8080',
      aliases: ['new', 'c'],
    }),
  )
    .argument('<name>', 'name of the proxy')
    .requiredOption('--upstream <address>', 'where the callee listens')
    .option('--listen <address>', 'where callers connect, port 0 for any free one', '127.0.0.1:0')
    .option('--protocol <protocol>', 'tcp, http or http2', 'tcp')
    .option('--observe <yaml>', 'what to note of requests, like "{headers: [x-order-id]}"', parseYaml)
    .option('--disabled', 'do not listen yet')
    .option('--json', 'as JSON')
    .action(async (name: string, { listen, upstream, protocol, disabled, observe, json, ...options }: CreateOptions) => {
      const data = { name, listen, upstream, protocol, enabled: !disabled, observe, tls: tlsFrom(options) };
      const spec = proxySpecSchema.safeParse(data);
      if (!spec.success) throw new LabError('USAGE', { problem: explainInLine(spec.error, { schema: proxySpecSchema, data }) });
      const created = await connectDaemon(options).createProxy(spec.data);
      const words = `${created.name}: ${created.protocol} ${created.listen} -> ${created.upstream}`;
      context.say(json ? JSON.stringify(created, null, 2) : words);
    });
}

function addRemoveCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'remove',
    summary: 'Remove a proxy; its connections end.',
    example: 'faultlab proxy remove payments',
    aliases: ['delete', 'd'],
  })
    .argument('<name>', 'name of the proxy')
    .option('--json', 'as JSON')
    .action(async (name: string, { json, ...options }: ConnectOptions & { json?: true }) => {
      await connectDaemon(options).removeProxy(name);
      context.say(json ? JSON.stringify({ removed: name }) : `removed: ${name}`);
    });
}

function addAuthorityCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'ca',
    summary: 'Print the certificate of the lab CA, for callers to trust.',
    example: 'faultlab proxy ca --out lab-ca.pem',
  })
    .option('--out <file>', 'write it into a file instead')
    .action(async ({ out, ...options }: ConnectOptions & { out?: string }) => {
      const say = out === undefined ? context.say : (certificate: string) => writeFileSync(out, certificate);
      say(await connectDaemon(options).authority());
    });
}
