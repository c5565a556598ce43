/** Sub-commands of `faultlab proxy` that look at or change one proxy, or all, by way of the Toxiproxy API: they work on either server. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import type { CliContext } from './command.js';
import type { ConnectOptions } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';
import { renderTable } from './table.js';
import { callToxiproxy, type ProxyJson, pathOf } from './toxiproxy-call.js';

type Options = ConnectOptions & { json?: true };

export function addProxyStateCommands(command: Command, context: CliContext): void {
  addInspectCommand(command, context);
  addToggleCommand(command, context);
  addUpdateCommand(command, context);
  addPopulateCommand(command, context);
  addResetCommand(command, context);
}

function addStateCommand(command: Command, given: Parameters<typeof addDaemonCommand>[1]): Command {
  return addDaemonCommand(command, given).option('--json', 'as JSON');
}

function sayProxy(context: CliContext, { json }: Options, proxy: ProxyJson): void {
  const { name, listen, upstream, enabled } = proxy;
  context.say(json ? JSON.stringify(proxy, null, 2) : `${name}: ${enabled ? 'enabled' : 'disabled'}, ${listen} -> ${upstream}`);
}

function addInspectCommand(command: Command, context: CliContext): void {
  addStateCommand(command, {
    name: 'inspect',
    summary: 'Show the faults that live on a proxy until they are removed.',
    example: 'faultlab proxy inspect payments',
    aliases: ['ins', 'i'],
  })
    .argument('<name>', 'name of the proxy')
    .action(async (name: string, options: Options) => {
      const proxy = await callToxiproxy<ProxyJson>(options, { method: 'GET', path: pathOf(name) });
      if (options.json) context.say(JSON.stringify(proxy, null, 2));
      else context.say(describeToxics(proxy));
    });
}

function addToggleCommand(command: Command, context: CliContext): void {
  addStateCommand(command, {
    name: 'toggle',
    summary: 'Disable a proxy that is enabled, or enable one that is disabled.',
    example: 'faultlab proxy toggle payments',
    aliases: ['tog'],
  })
    .argument('<name>', 'name of the proxy')
    .action(async (name: string, options: Options) => {
      const { enabled } = await callToxiproxy<ProxyJson>(options, { method: 'GET', path: pathOf(name) });
      sayProxy(
        context,
        options,
        await callToxiproxy<ProxyJson>(options, { method: 'POST', path: pathOf(name), body: { enabled: !enabled } }),
      );
    });
}

function addUpdateCommand(command: Command, context: CliContext): void {
  addStateCommand(command, {
    name: 'update',
    summary: 'Move a proxy, or point it elsewhere; its connections end.',
    example: 'faultlab proxy update payments --upstream 127.0.0.1:8081',
  })
    .argument('<name>', 'name of the proxy')
    .option('--listen <address>', 'where callers connect')
    .option('--upstream <address>', 'where the callee listens')
    .action(async (name: string, { listen, upstream, ...options }: Options & { listen?: string; upstream?: string }) => {
      sayProxy(
        context,
        options,
        await callToxiproxy<ProxyJson>(options, { method: 'POST', path: pathOf(name), body: { listen, upstream } }),
      );
    });
}

function addPopulateCommand(command: Command, context: CliContext): void {
  addStateCommand(command, {
    name: 'populate',
    summary: 'Create the proxies of a JSON file; those that are there already and the same are left alone.',
    example: 'faultlab proxy populate proxies.json',
  })
    .argument('<file>', 'list of {name, listen, upstream, enabled}')
    .action(async (file: string, options: Options) => {
      const body = readText(file);
      const { proxies } = await callToxiproxy<{ proxies: ProxyJson[] | null }>(options, { method: 'POST', path: '/populate', body });
      if (options.json) context.say(JSON.stringify(proxies ?? [], null, 2));
      else for (const proxy of proxies ?? []) sayProxy(context, options, proxy);
    });
}

function addResetCommand(command: Command, context: CliContext): void {
  addStateCommand(command, {
    name: 'reset',
    summary: 'Enable every proxy, and remove every fault that lives until it is removed.',
    example: 'faultlab proxy reset',
  }).action(async (options: Options) => {
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
