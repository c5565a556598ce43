/**
 * Runs a program: a failover by hand, a deployment, a cache that is emptied. Whoever writes the experiment decides what is executed here, so a run
 * refuses such steps unless it was started with `--allow-exec`. No shell stands between.
 */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { duration } from '../../core/units.js';
import { runProgram } from '../services/run-program.js';
import { defineStepKind } from './step-kind.js';

const SHOWN_CHARACTERS = 200;

const schema = z.strictObject({
  argv: z.array(z.string()).min(1).max(1_000).meta({ description: 'program and words; no shell' }),
  env: z.record(z.string(), z.string()).default({}).meta({ description: 'added to the environment of the run' }),
  workingDirectory: z.string().optional().meta({ description: 'the folder of the run if omitted' }),
  timeout: duration({ minMs: 1 }).default(30_000).meta({ description: 'it is killed after so long; 30s if omitted' }),
  exitCodes: z.array(z.int().min(0).max(255)).min(1).default([0]).meta({ description: 'exit codes that are as they should be' }),
  onFailure: z.enum(['stop', 'continue']).default('stop').meta({ description: 'what becomes of the run otherwise' }),
});

export const run = defineStepKind({
  name: 'run',
  summary: 'Run a program to its end; a run needs --allow-exec for it.',
  example: { argv: ['kubectl', 'rollout', 'restart', 'deployment/payments'], timeout: '60s' },
  schema: () => schema.meta({ description: 'a program to run to its end' }),
  resolve: ({ timeout: timeoutMs, ...program }: z.output<typeof schema>) => {
    const words = `\`${program.argv.join(' ')}\``;
    const params = { timeoutMs, ...program, isRehearsal: false };
    return { params, rehearsed: { ...params, isRehearsal: true }, summary: `run ${words}`, takesMs: 0, executes: words };
  },
  carryOut: async ({ name: step, params }, { journal, mark }, signal) => {
    const { argv, env, workingDirectory, timeoutMs, exitCodes, onFailure } = params;
    if (params.isRehearsal) {
      journal.append({ type: 'programEnded', step, code: null, detail: 'not run: this is a rehearsal' });
      return;
    }
    const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const { code, output, problem } = await runProgram({ argv, env: { ...env, ...mark() }, workingDirectory, signal: patience });
    signal.throwIfAborted();
    const detail = code === undefined ? problem : `exit code ${code}`;
    const said = output.trim().slice(0, SHOWN_CHARACTERS);
    journal.append({ type: 'programEnded', step, code: code ?? null, detail: said === '' ? detail : `${detail}: ${said}` });
    if ((code === undefined || !exitCodes.includes(code)) && onFailure === 'stop')
      throw new LabError('STEP_FAILED', { step, reason: `${argv[0]}: ${detail}` });
  },
});
