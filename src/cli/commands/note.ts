/** `faultlab note`: writes down what somebody saw, in its place in the journal of the run that goes on. */
import { activeDaemon, whoAmI } from '../active-daemon.js';
import { defineCommand } from '../command.js';
import { parseUrl } from '../connection.js';

export const note = defineCommand({
  name: 'note',
  summary: 'Write a note into the run that goes on, with its time.',
  example: 'faultlab note "support reports slow checkouts"',
  configure: (command, context) => {
    command
      .argument('<text...>', 'what is to be remembered')
      .option('--by <name>', 'who says so', whoAmI())
      .option('--connect <url>', 'the daemon of the run; the only one that a run uses if omitted', parseUrl)
      .option('--token-file <file>', 'file that holds the daemon’s token')
      .action(async (words: string[], options: { by: string; connect?: string; tokenFile?: string }) => {
        const { run } = await (await activeDaemon(context, options)).note(words.join(' '), options.by);
        context.say(`noted in ${run}`);
      });
  },
});
