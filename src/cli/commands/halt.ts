/** `faultlab halt`: ends every fault of every daemon on this machine, or of every host of a fleet, within a moment, and refuses new ones and new runs until lifted. */
import { LabError, reasonOf } from '../../core/errors.js';
import type { DaemonDriver } from '../../orchestrator/drivers/daemon.js';
import { type CliContext, defineCommand } from '../command.js';
import { connectDaemon, parseUrl } from '../connection.js';
import { addFleetOptions, type FleetOptions } from '../fleet/fleet-access.js';
import { haltFleet } from '../fleet/halt-fleet.js';

interface HaltOptions extends FleetOptions {
  connect?: string;
  tokenFile?: string;
  reason: string;
  lift?: true;
}

export const halt = defineCommand({
  name: 'halt',
  summary: 'End every fault now, and refuse new ones and new runs until lifted.',
  example: 'faultlab halt --reason "customers are affected"',
  configure: (command, context) => {
    addFleetOptions(command)
      .option('--connect <url>', 'this daemon alone; all of yours on this machine if omitted', parseUrl)
      .option('--token-file <file>', 'file that holds the daemon’s token')
      .option('--reason <text>', 'why; whoever is refused is told', 'no reason given')
      .option('--lift', 'accept faults and runs again')
      .action((options: HaltOptions) => {
        if (options.etcd !== undefined) return haltFleet(context, options);
        return options.connect === undefined ? everywhere(context, options) : oneDaemon(context, options.connect, options);
      });
  },
});

async function oneDaemon(context: CliContext, connect: string, options: HaltOptions): Promise<void> {
  const driver = connectDaemon({ ...options, connect });
  if (options.lift) {
    await driver.lift();
    context.say(`lifted: ${connect} accepts faults again`);
  } else
    context.say(`halted: ${ended((await driver.halt(options.reason)).ended)}; lift it with \`faultlab halt --lift --connect ${connect}\``);
}

/** First the lever, so that no run begins in between; then all daemons at once. One that does not answer is said, and the command fails. */
async function everywhere(context: CliContext, options: HaltOptions): Promise<void> {
  if (options.lift) await context.home.releaseLever();
  else await context.home.pullLever({ reason: options.reason, since: new Date(context.clock.wallMs()).toISOString() });
  const known = await context.home.daemons();
  const tell = async (driver: DaemonDriver): Promise<number> => {
    if (!options.lift) return (await driver.halt(options.reason)).ended;
    await driver.lift();
    return 0;
  };
  const told = await Promise.allSettled(known.map(({ url }) => tell(connectDaemon({ ...options, connect: url }))));
  const deaf = told.flatMap((result, i) => (result.status === 'rejected' ? [`${known[i]?.url}: ${reasonOf(result.reason)}`] : []));
  const count = told.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
  const daemons = `${known.length} daemon${known.length === 1 ? '' : 's'}`;
  context.say(
    options.lift
      ? `lifted: ${daemons}, and runs may start`
      : `halted: ${ended(count)} in ${daemons}; no run starts until \`faultlab halt --lift\``,
  );
  if (deaf.length > 0) throw new LabError('HEALING_UNCONFIRMED', { reason: `no answer from ${deaf.join('; ')}` });
}

function ended(count: number): string {
  return `${count} fault${count === 1 ? '' : 's'} ended`;
}
