import { describe, expect, it } from 'vitest';
import { accessLog } from '../../../src/interchange/importers/access-log.js';
import { planOf } from '../../support/imported.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds)).toISOString().slice(11, 19);
const line = (seconds: number, status: number, took: string) =>
  `10.0.0.1 - - [21/Nov/2026:${at(seconds)} +0000] "GET /stock/${seconds} HTTP/1.1" ${status} 12 "-" "curl/8" ${took}`;
const LOG = Array.from({ length: 90 }, (_, s) => [line(s, 200, '0.030'), line(s, s >= 30 && s < 40 ? 502 : 200, '0.030')]).flat();
const read = (lines: readonly string[]) => accessLog.read(`${lines.join('\n')}\n`, { file: 'access.log', name: 'incident' });

describe('an access log', () => {
  it('becomes the errors that it saw; its callee’s address has to be given', () => {
    const imported = read(LOG);
    expect(accessLog.recognises(LOG.join('\n'))).toBe(true);
    expect(() => planOf(imported)).toThrow('calleeAddress');
    const { steps } = planOf(imported, { calleeAddress: '127.0.0.1:80' });
    expect(
      steps.flatMap(({ fault }) => (fault ? [[fault.durationMs, fault.spec.type, fault.spec.percentage, fault.spec.value]] : [])),
    ).toEqual([[10_000, 'abort', 50, { status: 502 }]]);
  });

  it('may hold a few lines that nobody can read, and says how many', () => {
    expect(read([...LOG, 'garbage']).notCarried).toContain('1 lines of the log could not be read');
  });

  it.each([
    ['too many lines unread', [...LOG.slice(0, 10), 'a', 'b', 'c'], 'line 11 is "a" (3 of 13 lines)'],
    ['nothing at all', [''], 'found an empty file'],
  ])('is refused: %s', (_what, lines, found) => {
    expect(() => read(lines)).toThrow(found);
  });
});
