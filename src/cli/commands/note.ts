/** `faultlab note`: writes down what somebody saw, in its place in the journal of the run that goes on. */
import { activeDaemon, addSpeakerOptions, type SpeakerOptions } from '../active-daemon.js';
import { defineCommand } from '../command.js';

export const note = defineCommand({
  name: 'note',
  summary: 'Write a note into the run that goes on, with its time.',
  example: 'faultlab note "support reports slow checkouts"',
  configure: (command, context) => {
    addSpeakerOptions(command)
      .argument('<text...>', 'what is to be remembered')
      .action(async (words: string[], options: SpeakerOptions) => {
        const { run } = await (await activeDaemon(context, options)).note(words.join(' '), options.by);
        context.say(`noted in ${run}`);
      });
  },
});
