/** The options by which a command finds a running daemon, the same for each. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import { DaemonDriver } from '../orchestrator/drivers/daemon.js';

const DEFAULT_URL = 'http://127.0.0.1:8474';

/** `--connect URL`. */
export function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError(`expected a URL like ${DEFAULT_URL}`);
  return text;
}

export interface ConnectOptions {
  connect: string;
  tokenFile?: string;
}

export function addConnectOptions(command: Command): Command {
  return command
    .option('--connect <url>', 'control API of the daemon', parseUrl, DEFAULT_URL)
    .option('--token-file <file>', 'file that holds the daemon’s token');
}

export function readToken(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) });
  }
}

/** Speaks for the person at the keyboard: refused while a run holds the daemon. */
export function connectDaemon(options: ConnectOptions): DaemonDriver {
  return DaemonDriver.speakFor({ url: options.connect, token: readToken(options.tokenFile), run: 'by-hand' });
}
