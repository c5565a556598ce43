/** `faultlab doctor`: whether this machine has what runs need. */
import { EXIT } from '../../core/errors.js';
import { defineCommand } from '../command.js';
import { addConnectOptions } from '../connection.js';
import { type DoctorOptions, type Examined, examinations } from '../examinations.js';
import { sayExamined } from '../say-examined.js';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Look whether this machine has what runs need, and say what to do about what is missing.',
  example: 'faultlab doctor --out /var/lib/faultlab',
  configure: (command, context) => {
    addConnectOptions(command)
      .option('--out <folder>', 'where run folders are to be made', 'runs')
      .option('--json', 'as JSON')
      .action(async (options: DoctorOptions & { json?: true }) => {
        const all: (Examined & { name: string })[] = [];
        for (const { name, examine } of examinations) {
          const examined = { name, ...(await examine(options)) };
          all.push(examined);
          if (!options.json) sayExamined(context, examined);
        }
        if (options.json) context.say(JSON.stringify(all, null, 2));
        if (all.some(({ state }) => state === 'bad')) context.exit(EXIT.unavailable);
      });
  },
});
