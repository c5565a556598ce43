/** The daemon that a person means who speaks into a run without naming one: the only one on this machine that a run uses. */
import type { Command } from 'commander';
import { LabError } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import type { DaemonDriver } from '../orchestrator/drivers/daemon.js';
import type { CliContext } from './command.js';
import { connectDaemon, parseUrl } from './connection.js';
import { whoAmI } from './who-am-i.js';

export interface SpeakerOptions {
  by: string;
  connect?: string;
  tokenFile?: string;
}

/** Options of every command by which a person speaks into a run. */
export function addSpeakerOptions(command: Command): Command {
  return command
    .option('--by <name>', 'who says so', whoAmI())
    .option('--connect <url>', 'the daemon of the run; the only one that a run uses if omitted', parseUrl)
    .option('--token-file <file>', 'file that holds the daemon’s token');
}

/** Rejects with NO_RUN, or with USAGE where several runs go on. */
export async function activeDaemon(
  { home }: CliContext,
  { connect, tokenFile }: { connect?: string; tokenFile?: string },
): Promise<DaemonDriver> {
  const rest = tokenFile === undefined ? {} : { tokenFile };
  if (connect !== undefined) return connectDaemon({ connect, ...rest });
  const drivers = (await home.daemons()).map(({ url }) => connectDaemon({ connect: url, ...rest }));
  const runs = await Promise.all(
    drivers.map(async (driver) => ({
      driver,
      run: await driver.status().then(
        ({ run }) => run,
        () => null,
      ),
    })),
  );
  const active = runs.filter(({ run }) => run !== null && run !== undefined);
  const [only] = active;
  if (only === undefined) throw new LabError('NO_RUN', { where: 'goes on here' });
  if (active.length > 1)
    throw new LabError('USAGE', {
      problem: `${active.length} runs go on: say which by --connect ${listed(active.map(({ driver }) => driver.url))}`,
    });
  return only.driver;
}
