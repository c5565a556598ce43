/**
 * Waits for a person: at the terminal, by `faultlab approve` or the API, or for time to pass. What a reader gets wrong: a gate that nobody answers stops the run, unless the plan says
 * that silence is consent; a refusal always does.
 */
import { z } from 'zod';
import { sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { duration, formatMs } from '../../core/units.js';
import type { GateAnswer } from '../person.js';
import { defineStepKind } from './step-kind.js';

const schema = z.strictObject({
  by: z.array(z.string().min(1).max(100)).max(100).default([]).meta({ description: 'who may answer; anybody if omitted' }),
  question: z.string().max(2_000).default('').meta({ description: 'what is to be decided' }),
  timeout: duration({ minMs: 1 }).default(600_000).meta({ description: 'how long it waits; 10m if omitted' }),
  onTimeout: z.enum(['stop', 'continue']).default('stop').meta({ description: 'what becomes of the run when nobody answers' }),
});

export const approve = defineStepKind({
  name: 'approve',
  summary: 'Wait until somebody approves (at the terminal, by `faultlab approve` or the API); a refusal stops the run.',
  example: { by: ['orders-oncall'], question: 'is the on-call engineer at the table?', timeout: '10m' },
  schema: () => schema.meta({ description: 'wait for a person' }),
  resolve: ({ by, question, timeout: timeoutMs, onTimeout }: z.output<typeof schema>) => ({
    params: { by, question, timeoutMs, onTimeout },
    summary: `wait for ${by.join(' or ') || 'anybody'} to approve, ${formatMs(timeoutMs)} at most, then ${onTimeout}`,
    takesMs: 0,
  }),
  carryOut: async ({ name: gate, params }, { clock, driver, journal, pump, person, sets }, signal) => {
    const { by, question, timeoutMs, onTimeout } = params;
    const over = new AbortController();
    const answered = new Promise<GateAnswer>((resolve) => pump.onGateAnswered(gate, resolve));
    await driver.openGate?.(gate, { question, by, sets });
    journal.append({ type: 'gateOpened', gate, question, by, timeoutMs });
    const silence = sleep(clock, timeoutMs, AbortSignal.any([signal, over.signal])).then(() => undefined);
    silence.catch(() => {});
    const atTable = person === undefined ? [] : [person.decide({ name: gate, question, by }, over.signal)];
    const answer = await Promise.race([answered, silence, ...atTable]).finally(() => over.abort());
    await driver.closeGate?.(gate).catch(() => {});
    journal.append({ type: 'gateClosed', gate, decision: answer?.decision ?? 'timedOut', ...(answer && saidBy(answer)) });
    if (answer?.decision === 'refused') throw new LabError('STEP_FAILED', { step: gate, reason: `${answer.by} refused` });
    if (answer === undefined && onTimeout === 'stop')
      throw new LabError('STEP_FAILED', { step: gate, reason: `nobody answered within ${formatMs(timeoutMs)}` });
  },
});

function saidBy({ by, inputs }: GateAnswer) {
  return { by, ...(inputs && { inputs }) };
}
