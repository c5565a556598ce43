/** `faultlab halt`: ends every fault of a daemon within a moment and refuses new ones until lifted. */

import { defineCommand } from '../command.js';
import { addConnectOptions, type ConnectOptions, connectDaemon } from '../connection.js';

interface HaltOptions extends ConnectOptions {
  reason: string;
  lift?: true;
}

export const halt = defineCommand({
  name: 'halt',
  summary: 'End every fault of a daemon now, and refuse new ones until lifted.',
  example: 'faultlab halt --reason "customers are affected"',
  configure: (command, context) => {
    addConnectOptions(command)
      .option('--reason <text>', 'why; whoever is refused is told', 'no reason given')
      .option('--lift', 'accept faults again')
      .action(async (options: HaltOptions) => {
        const driver = connectDaemon(options);
        if (options.lift) {
          await driver.lift();
          context.say(`lifted: ${options.connect} accepts faults again`);
          return;
        }
        const { ended } = await driver.halt(options.reason);
        context.say(`halted: ${ended} fault${ended === 1 ? '' : 's'} ended; lift it with \`faultlab halt --lift\``);
      });
  },
});
