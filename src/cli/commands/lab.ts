/** `faultlab lab …`: what can be tried out without a system of one's own. */
import { defineCommand } from '../command.js';
import { addDetectorsCommand } from '../lab/detectors.js';
import { addExperimentsCommand } from '../lab/experiments.js';
import { addPlayCommand } from '../lab/play.js';

export const lab = defineCommand({
  name: 'lab',
  summary: 'Try things out on real processes: run the lab’s experiments with and without their defences, compare failure detectors, play.',
  example: 'faultlab lab run --only crash-stop',
  configure: (command, context) => {
    addExperimentsCommand(command, context);
    addDetectorsCommand(command, context);
    addPlayCommand(command, context);
  },
});
