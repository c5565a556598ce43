/** `faultlab approve`: answers a gate of a run from another terminal, or lists those that wait. */
import { LabError } from '../../core/errors.js';
import { printable } from '../../reports/printable.js';
import { activeDaemon, whoAmI } from '../active-daemon.js';
import { defineCommand } from '../command.js';
import { parseUrl } from '../connection.js';

interface ApproveOptions {
  by: string;
  refuse?: true;
  connect?: string;
  tokenFile?: string;
}

export const approve = defineCommand({
  name: 'approve',
  summary: 'Answer a gate that a run waits at; without a name, list those that wait.',
  example: 'faultlab approve go-ahead --by alice',
  configure: (command, context) => {
    command
      .argument('[gate]', 'name of the step that waits')
      .option('--by <name>', 'who says so', whoAmI())
      .option('--refuse', 'do not go on')
      .option('--connect <url>', 'the daemon of the run; the only one that a run uses if omitted', parseUrl)
      .option('--token-file <file>', 'file that holds the daemon’s token')
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
