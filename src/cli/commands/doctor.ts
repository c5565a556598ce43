/** `faultlab doctor`: whether this machine has what runs need. */
import picocolors from 'picocolors';
import { EXIT } from '../../core/errors.js';
import { printable } from '../../reports/printable.js';
import { defineCommand } from '../command.js';
import { addConnectOptions } from '../connection.js';
import { type DoctorOptions, type Examined, examinations } from '../examinations.js';

const SIGNS: Readonly<Record<Examined['state'], string>> = { good: '✔', limited: '–', bad: '✘' };

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Look whether this machine has what runs need, and say what to do about what is missing.',
  example: 'faultlab doctor --out /var/lib/faultlab',
  configure: (command, context) => {
    addConnectOptions(command)
      .option('--out <folder>', 'where run folders are to be made', 'runs')
      .option('--json', 'as JSON')
      .action(async (options: DoctorOptions & { json?: true }) => {
        const paint = picocolors.createColors(context.colour);
        const painted = { good: paint.green, limited: paint.yellow, bad: paint.red };
        const all: (Examined & { name: string })[] = [];
        for (const { name, examine } of examinations) {
          const examined = { name, ...(await examine(options)) };
          all.push(examined);
          if (options.json) continue;
          const { state, found, advice } = examined;
          context.say(`${painted[state](SIGNS[state])} ${name}: ${printable(found)}${advice === undefined ? '' : `\n    ${advice}`}`);
        }
        if (options.json) context.say(JSON.stringify(all, null, 2));
        if (all.some(({ state }) => state === 'bad')) context.exit(EXIT.unavailable);
      });
  },
});
