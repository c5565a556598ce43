/** Sub-commands of `faultlab proxy` that look at or change one proxy, or all, by way of the Toxiproxy API: they work on either server. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import type { CliContext } from './command.js';
import { addConnectOptions, type ConnectOptions } from './connection.js';
import { renderTable } from './table.js';
import { callToxiproxy, type ProxyJson, pathOf } from './toxiproxy-call.js';

type Options = ConnectOptions & { json?: true };

export function addProxyStateCommands(command: Command, context: CliContext): void {
  const sub = (name: string, description: string): Command =>
    addConnectOptions(command.command(name).description(description)).option('--json', 'as JSON');
  const sayProxy = ({ json }: Options, proxy: ProxyJson): void => {
    const { name, listen, upstream, enabled } = proxy;
    context.say(json ? JSON.stringify(proxy, null, 2) : `${name}: ${enabled ? 'enabled' : 'disabled'}, ${listen} -> ${upstream}`);
  };

  sub('inspect', 'Show the faults that live on a proxy until they are removed.')
    .argument('<name>', 'name of the proxy')
    .action(async (name: string, options: Options) => {
      const proxy = await callToxiproxy<ProxyJson>(options, { method: 'GET', path: pathOf(name) });
      if (options.json) context.say(JSON.stringify(proxy, null, 2));
      else context.say(describeToxics(proxy));
    });
  sub('toggle', 'Disable a proxy that is enabled, or enable one that is disabled.')
    .argument('<name>', 'name of the proxy')
    .action(async (name: string, options: Options) => {
      const { enabled } = await callToxiproxy<ProxyJson>(options, { method: 'GET', path: pathOf(name) });
      sayProxy(options, await callToxiproxy<ProxyJson>(options, { method: 'POST', path: pathOf(name), body: { enabled: !enabled } }));
    });
  sub('update', 'Move a proxy, or point it elsewhere; its connections end.')
    .argument('<name>', 'name of the proxy')
    .option('--listen <address>', 'where callers connect')
    .option('--upstream <address>', 'where the callee listens')
    .action(async (name: string, { listen, upstream, ...options }: Options & { listen?: string; upstream?: string }) => {
      sayProxy(options, await callToxiproxy<ProxyJson>(options, { method: 'POST', path: pathOf(name), body: { listen, upstream } }));
    });
  sub('populate', 'Create the proxies of a JSON file; those that are there already and the same are left alone.')
    .argument('<file>', 'list of {name, listen, upstream, enabled}')
    .action(async (file: string, options: Options) => {
      const body = readText(file);
      const { proxies } = await callToxiproxy<{ proxies: ProxyJson[] | null }>(options, { method: 'POST', path: '/populate', body });
      if (options.json) context.say(JSON.stringify(proxies ?? [], null, 2));
      else for (const proxy of proxies ?? []) sayProxy(options, proxy);
    });
  sub('reset', 'Enable every proxy, and remove every fault that lives until it is removed.').action(async (options: Options) => {
    await callToxiproxy<undefined>(options, { method: 'POST', path: '/reset' });
    context.say(options.json ? JSON.stringify({ reset: true }) : 'every proxy is enabled, without such faults');
  });
}

function describeToxics({ name, toxics }: ProxyJson): string {
  if (toxics.length === 0) return `${name}: no fault that lives until it is removed`;
  const rows = toxics.map((t) => [
    t.name,
    t.type,
    t.stream,
    t.toxicity,
    Object.entries(t.attributes)
      .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join(' '),
  ]);
  return renderTable(['fault', 'type', 'stream', 'toxicity', 'attributes'], rows);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) });
  }
}
