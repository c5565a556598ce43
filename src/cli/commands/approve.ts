/** `faultlab approve`: answers a gate of a run from another terminal, or lists those that wait. */
import { LabError } from '../../core/errors.js';
import { printable } from '../../reports/printable.js';
import { activeDaemon, addSpeakerOptions, type SpeakerOptions } from '../active-daemon.js';
import { defineCommand } from '../command.js';

interface ApproveOptions extends SpeakerOptions {
  refuse?: true;
}

export const approve = defineCommand({
  name: 'approve',
  summary: 'Answer a gate that a run waits at; without a name, list those that wait.',
  example: 'faultlab approve go-ahead --by alice',
  configure: (command, context) => {
    addSpeakerOptions(command)
      .argument('[gate]', 'name of the step that waits')
      .option('--refuse', 'do not go on')
      .action(async (gate: string | undefined, options: ApproveOptions) => {
        const daemon = await activeDaemon(context, options);
        if (gate === undefined) {
          if (options.refuse) throw new LabError('USAGE', { problem: '--refuse: name the gate' });
          const waiting = await daemon.gates();
          for (const { name, question, by } of waiting)
            context.say(printable(`${name}  ${question}${by.length > 0 ? ` (${by.join(', ')})` : ''}`));
          if (waiting.length === 0) context.say('no gate waits');
          return;
        }
        const decision = options.refuse ? 'refused' : 'approved';
        await daemon.answerGate(gate, { decision, by: options.by });
        context.say(`${gate} ${decision} by ${options.by}`);
      });
  },
});
