/**
 * By what an answer to the load is known to be a stand-in: its status, a header, a place in its body. All that is said must be so. A marker is what the
 * service under test says of its own answers; one that lies about them is believed.
 */
import { z } from 'zod';
import { compileGlobs, globSchema } from '../../dataplane/faults/text-test.js';
import type { Exchange } from '../../journal/observations.js';
import { figureTolerance, textTolerance, tolerates } from './tolerance.js';

export const answerMarker = z
  .strictObject({
    status: figureTolerance(z.int().min(100).max(599))
      .optional()
      .meta({ description: 'a status, {in: [203, 206]} or {range: [200, 299]}' }),
    headers: z
      .record(z.string().toLowerCase(), globSchema)
      .optional()
      .meta({ description: 'header: what it is, like {x-degraded: "*"}; a glob, whatever the case' }),
    body: textTolerance().optional().meta({ description: 'of the first MiB: {regex: …} or {jsonpath: …, expect: …}' }),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'expected at least one of status, headers, body');
export type AnswerMarker = z.output<typeof answerMarker>;

/** As the load's client has them: names in small letters. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `text` is the body, where the marker looks into it. */
export function isMarked(
  { status: wanted, headers = {}, body }: AnswerMarker,
  answer: Pick<Exchange, 'end' | 'status'> & { headers: AnswerHeaders },
  text: string,
): boolean {
  if (answer.end !== 'complete' || answer.status === undefined) return false;
  const measured = { figure: answer.status, text };
  if (wanted !== undefined && !tolerates(wanted, measured)) return false;
  const isSaid = Object.entries(headers).every(([name, glob]) => {
    const test = compileGlobs([glob], { ignoreCase: true });
    return [answer.headers[name] ?? []].flat().some(test);
  });
  return isSaid && (body === undefined || tolerates(body, measured));
}
