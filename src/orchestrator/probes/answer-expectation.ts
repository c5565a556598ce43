/**
 * What the answer to a request of the load must be, in the tolerance forms of probes. Each request is judged once, by the first thing that is wrong;
 * a status that is no server error may still be the wrong one, which is why this is not the same as success.
 */
import { z } from 'zod';
import { duration } from '../../core/units.js';
import type { AnswerJudgement, Exchange } from '../../journal/observations.js';
import { figureTolerance, textTolerance, tolerates } from './tolerance.js';

export const answerExpectation = z
  .strictObject({
    status: figureTolerance(z.int().min(100).max(599))
      .optional()
      .meta({ description: 'a status, {in: [200, 201]} or {range: [200, 299]}' }),
    body: textTolerance().optional().meta({ description: 'of the first MiB: {regex: …} or {jsonpath: …, expect: …}' }),
    within: duration({ minMs: 1 }).optional().meta({ description: 'from the intended start to the end of the answer' }),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'expected at least one of status, body, within');
export type AnswerExpectation = z.output<typeof answerExpectation>;

/** `text` is the body, where `expectsText` says that it is looked into. */
export function judgeAnswer(
  { status: wanted, body, within }: AnswerExpectation,
  { end, status, startMs, endMs }: Pick<Exchange, 'end' | 'status' | 'startMs' | 'endMs'>,
  text: string,
): AnswerJudgement {
  if (end !== 'complete' || status === undefined) return 'noAnswer';
  const measured = { figure: status, text };
  if (wanted !== undefined && !tolerates(wanted, measured)) return 'wrongStatus';
  if (body !== undefined && !tolerates(body, measured)) return 'wrongBody';
  return within !== undefined && endMs - startMs > within ? 'late' : 'met';
}

export function expectsText(expectation: AnswerExpectation | undefined): boolean {
  return expectation?.body !== undefined;
}
