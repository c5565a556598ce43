/**
 * Runs a program and judges its exit code, or what it prints. Whoever writes the experiment decides what is executed here, so a run refuses such
 * probes unless it was started with `--allow-exec`. No shell stands between: words are handed over as they are.
 */
import { z } from 'zod';
import { runProgram } from '../services/run-program.js';
import { defineProbe, roleQuestion } from './probe.js';
import { answerTolerance, toleranceWords, tolerates } from './tolerance.js';

const SHOWN_CHARACTERS = 120;

const argv = z.array(z.string()).min(1).max(1_000).meta({ description: 'program and words; no shell' });
const tolerance = answerTolerance(z.int().min(0).max(255)).default(0).meta({
  description: 'an exit code, {in: [0, 2]}, {range: [0, 9]}; of what it prints, {regex: …} or {jsonpath: …, expect: …}',
});

export const command = defineProbe({
  name: 'command',
  summary: 'Runs a program and judges its exit code or what it prints; a run needs --allow-exec for it.',
  executes: true,
  schema: z.strictObject({
    argv,
    env: z.record(z.string(), z.string()).default({}).meta({ description: 'added to the environment of the run' }),
    workingDirectory: z.string().optional().meta({ description: 'the folder of the run if omitted' }),
    tolerance,
  }),
  example: { argv: ['psql', '-c', 'select 1'], tolerance: 0 },
  role: roleQuestion({
    schema: z.strictObject({
      argv: argv.meta({ description: `program and words, run for each instance; may hold \${self.name}, \${self.port}, \${self.address}` }),
      tolerance,
    }),
    paramsFor: ({ argv: words, tolerance: wanted }, { fill }) => ({ argv: words.map(fill), env: {}, tolerance: wanted }),
  }),
  expectation: ({ argv, tolerance }) => `\`${argv.join(' ')}\` gives ${toleranceWords(tolerance)}`,
  run: async ({ argv, env, workingDirectory, tolerance }, ports, signal) => {
    const ended = await runProgram({ argv, env: { ...env, ...ports.mark() }, workingDirectory, signal });
    const { code, output, problem } = ended;
    if (code === undefined) return { met: false, value: null, detail: `${argv[0]}: ${problem}` };
    const words = output.trim().slice(0, SHOWN_CHARACTERS);
    const detail = `${argv[0]} ended with exit code ${code}${words === '' ? '' : `: ${words}`}`;
    return { met: tolerates(tolerance, { figure: code, text: output }), value: code, detail };
  },
});
