/**
 * Faults that live until somebody removes them, by way of the Toxiproxy API: what `faultlab fault add --until-removed` makes. They belong to
 * one proxy, have a name there, and flow one way.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { LabError } from '../core/errors.js';
import { parsePercentage } from './change-fault.js';
import type { CliContext } from './command.js';
import type { ConnectOptions } from './connection.js';
import { addDaemonCommand } from './daemon-command.js';
import { callToxiproxy, pathOf, type ToxicJson } from './toxiproxy-call.js';

export type Attributes = Readonly<Record<string, unknown>>;

/** `latency=100`, one more of them: a number if it is one, else a text. */
export function addAttribute(text: string, before: Attributes = {}): Attributes {
  const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError('expected name=value, like latency=100');
  return { ...before, [key]: value !== '' && Number.isFinite(Number(value)) ? Number(value) : value };
}

export interface LastingFault {
  name?: string | undefined;
  type: string;
  direction?: string | undefined;
  percentage: number;
  attributes: Attributes;
}

const STREAMS: Readonly<Record<string, string>> = { up: 'upstream', down: 'downstream' };

export function addLastingFault(options: ConnectOptions, proxy: string, fault: LastingFault): Promise<ToxicJson> {
  const { name, type, direction = 'down', percentage, attributes } = fault;
  const stream = STREAMS[direction];
  if (stream === undefined) throw new LabError('USAGE', { problem: '--direction: such a fault flows up or down; add one for each' });
  const body = { name, type, stream, toxicity: percentage / 100, attributes };
  return callToxiproxy<ToxicJson>(options, { method: 'POST', path: pathOf(proxy, 'toxics'), body });
}

export function removeLastingFault(options: ConnectOptions, { proxy, name }: { proxy: string; name: string }): Promise<void> {
  return callToxiproxy<undefined>(options, { method: 'DELETE', path: pathOf(proxy, 'toxics', name) });
}

/** `fault update`: only what is given changes. */
export function addUpdateCommand(command: Command, context: CliContext): void {
  addDaemonCommand(command, {
    name: 'update',
    summary: 'Change a fault that lives until it is removed; what is not given stays.',
    example: 'faultlab fault update payments latency_downstream --attribute latency=200',
    aliases: ['u'],
  })
    .argument('<proxy>', 'name of the proxy')
    .argument('<name>', 'name of the fault on it')
    .option('--attribute <name=value>', 'one parameter; may be repeated', addAttribute)
    .option('--percentage <number>', 'share of what matches', parsePercentage)
    .option('--json', 'as JSON')
    .action(async (proxy: string, name: string, options: ConnectOptions & { attribute?: Attributes; percentage?: number; json?: true }) => {
      const { attribute: attributes, percentage, json } = options;
      const body = { ...(attributes && { attributes }), ...(percentage !== undefined && { toxicity: percentage / 100 }) };
      const changed = await callToxiproxy<ToxicJson>(options, { method: 'PATCH', path: pathOf(proxy, 'toxics', name), body });
      context.say(json ? JSON.stringify(changed, null, 2) : `${name} on ${proxy} is changed`);
    });
}
