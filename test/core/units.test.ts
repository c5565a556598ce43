import { describe, expect, it } from 'vitest';
import { duration, formatMs, percentage, rate, size, throughput } from '../../src/core/units.js';

const message = (result: { success: boolean; error?: { issues: { message: string }[] } | undefined }) => result.error?.issues[0]?.message;

describe('quantities carry their unit', () => {
  it.each([
    ['250ms', 250],
    ['1.5s', 1_500],
    ['2m', 120_000],
    ['500us', 0.5],
    ['1h', 3_600_000],
    ['0ms', 0],
  ])('duration %s is %d ms', (text, ms) => expect(duration().parse(text)).toBe(ms));

  it.each([
    ['64KiB', 65_536],
    ['1MB', 1_000_000],
    ['7B', 7],
    ['1.6B', 2],
  ])('size %s is %d bytes', (text, bytes) => expect(size().parse(text)).toBe(bytes));

  it.each([
    ['1MB/s', 1e6],
    ['64KiB/s', 65_536],
    ['10Mbit/s', 1_250_000],
    ['8bit/s', 1],
    ['0KB/s', 0],
  ])('throughput %s is %d bytes per second', (text, bytesPerSecond) => expect(throughput().parse(text)).toBe(bytesPerSecond));

  it.each(['1MB', '1/s', '-1MB/s', '1MBit/s', '2000GB/s', 1_000])('throughput %j is refused', (text) => {
    expect(throughput().safeParse(text).success).toBe(false);
  });

  it('a size may have a least', () => {
    expect(size({ minBytes: 1 }).safeParse('0B').success).toBe(false);
  });

  it.each([
    ['120/s', 120],
    ['6/m', 0.1],
    ['0/s', 0],
  ])('rate %s is %d per second', (text, perSecond) => expect(rate().parse(text)).toBeCloseTo(perSecond));

  it('a bare number is refused, and the message shows the right form', () => {
    expect(message(duration().safeParse(250))).toBe(
      'expected a duration with its unit (us, ms, s, m, h), like 250ms; found 250, a number without a unit',
    );
  });

  it('a quantity out of its range is refused, and the message says the range in a unit that can be written', () => {
    expect(message(duration({ minMs: 500, maxMs: 600e3 }).safeParse('0s'))).toContain('between 500ms and 600000ms');
    expect(message(size({ minBytes: 1 }).safeParse('0B'))).toContain('between 1B and 1000000000000B');
    expect(message(throughput().safeParse('2000GB/s'))).toContain('between 0B/s and 1000000000000B/s');
    expect(message(rate().safeParse('2000000/s'))).toContain('between 0/s and 1000000/s');
  });

  it.each(['', '10', 'ms', '-5ms', '5 ms', '1e3ms', '5sec', 'NaNms', 'Infinityms', '25h'])('duration %j is refused', (text) => {
    expect(duration().safeParse(text).success).toBe(false);
  });

  it.each([null, {}, [], true, Number.NaN, Number.POSITIVE_INFINITY, -1])('duration %j is refused', (value) => {
    expect(duration().safeParse(value).success).toBe(false);
  });

  it('a percentage is 0 to 100, the sign optional', () => {
    expect([percentage().parse(40), percentage().parse('40%'), percentage().parse('12.5 %')]).toEqual([40, 40, 12.5]);
    for (const bad of [-1, 101, '101%', 'forty', Number.NaN, '40 %%']) expect(percentage().safeParse(bad).success).toBe(false);
  });
});

describe('formatMs', () => {
  it.each([
    [0, '0ms'],
    [0.05, '50us'],
    [3.21, '3.2ms'],
    [250, '250ms'],
    [1_234, '1.23s'],
    [180_000, '3.0m'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d is shown as %s', (ms, text) => expect(formatMs(ms)).toBe(text));
});
