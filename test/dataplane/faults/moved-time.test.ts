import { describe, expect, it } from 'vitest';
import { movedNumber, movedText } from '../../../src/dataplane/faults/moved-time.js';

describe('a moved time', () => {
  it.each([
    ['Sat, 21 Nov 2026 12:55:36 GMT', 300, 'Sat, 21 Nov 2026 13:00:36 GMT'],
    ['Thu, 01 Jan 1970 00:00:00 GMT', -1, 'Wed, 31 Dec 1969 23:59:59 GMT'],
    ['2026-11-21T12:55:36Z', 300, '2026-11-21T13:00:36Z'],
    ['2026-11-21T12:55:36.1230Z', -3_600, '2026-11-21T11:55:36.1230Z'],
    ['2026-12-31 23:59:59+05:30', 1, '2027-01-01 00:00:00+05:30'],
    ['2024-02-28T23:59:59-01:00', 1, '2024-02-29T00:00:00-01:00'],
  ])('%s by %i s is %s', (text, by, expected) => {
    expect(movedText(text, by)).toBe(expected);
  });

  it.each([
    '',
    '0',
    '-1',
    '120',
    'now',
    '2026-11-21',
    'Sat, 99 Nov 2026 12:55:36 GMT',
    '2026-13-41T12:55:36Z',
    '"etag"',
    '9999-12-31T23:59:59Z',
  ])('is none: %j', (text) => {
    expect(movedText(text, 3_600)).toBeUndefined();
  });

  it.each([
    [1_795_265_736, 60, 1_795_265_796],
    [1_795_265_736_123, 60, 1_795_265_796_123],
    [1_795_265_736.5, -1, 1_795_265_735.5],
    [3_600, 60, 3_660],
    [3_600, -7_200, 0],
  ])('the number %d by %i s is %d', (value, by, expected) => {
    expect(movedNumber(value, by)).toBe(expected);
  });

  it.each([-1, 1e16, Number.NaN, Number.POSITIVE_INFINITY])('is none: %d', (value) => {
    expect(movedNumber(value, 1)).toBeUndefined();
  });
});
