import { describe, expect, it } from 'vitest';
import { MessageRing } from '../../../src/control/live/message-ring.js';

const note = (n: number, text = 'x') => ({ n, atMs: n, type: 'note', text }) as const;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** What comes next, as far as it is there. */
async function heard(reader: Reader): Promise<{ id: number | undefined; event: string; data: unknown }[]> {
  const { value } = await reader.read();
  return Buffer.from(value ?? [])
    .toString()
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const id = field('id');
      return { id: id === undefined ? undefined : Number(id), event: field('event') ?? '', data: JSON.parse(field('data') ?? 'null') };
    });
}

describe('the stream for pages', () => {
  it('tells every reader everything from where it begins, also who comes back', async () => {
    const ring = new MessageRing();
    for (let n = 1; n <= 3; n++) ring.publish('journal', note(n));
    const reader = ring.open(1).getReader();
    expect((await heard(reader)).map(({ id }) => id)).toEqual([2, 3]);
    const next = heard(reader);
    ring.publish('journal', note(4, 'after\na wait'));
    expect(await next).toEqual([{ id: 4, event: 'journal', data: note(4, 'after\na wait') }]);
    await reader.cancel();
    ring.publish('journal', note(5));
    expect((await heard(ring.open(4).getReader())).map(({ id }) => id)).toEqual([5]);
  });

  it('loses nothing and tells nothing twice, wherever it is cut', async () => {
    const ring = new MessageRing();
    const ids: number[] = [];
    let published = 0;
    for (let cut = 0; cut < 30; cut++) {
      const reader = ring.open(ids.at(-1) ?? 0).getReader();
      for (let more = 0; more < (cut * 7) % 5; more++) ring.publish('journal', note(++published));
      if (ids.length < published) ids.push(...(await heard(reader)).map(({ id = 0 }) => id));
      await reader.cancel();
    }
    expect(ids).toEqual(Array.from({ length: published }, (_, index) => index + 1));
    expect(published).toBeGreaterThan(30);
    expect(ring.readers).toBe(0);
  });

  it('bears 10,000 events at once; a reader that stands still is cut with a gap, one that reads gets them all', async () => {
    const ring = new MessageRing();
    const slow = ring.open(0).getReader();
    const quick = ring.open(0).getReader();
    const got: number[] = [];
    for (let n = 1; n <= 10_000; n++) {
      ring.publish('journal', note(n, 'y'.repeat(2_000)));
      if (n % 10 === 0) got.push(...(await heard(quick)).map(({ id = 0 }) => id));
    }
    expect(got.length).toBeGreaterThan(9_000);
    expect(got).toEqual(Array.from({ length: got.length }, (_, index) => index + 1));
    expect(await heard(slow)).toEqual([{ id: undefined, event: 'gap', data: { reason: 'late' } }]);
    expect((await slow.read()).done).toBe(true);
    expect(ring.readers).toBe(1);
  });

  it('has a bound of readers, and who leaves makes room', async () => {
    const ring = new MessageRing();
    const streams = Array.from({ length: 50 }, () => ring.open(0));
    expect(() => ring.open(0)).toThrow(/bound of 50/);
    await streams[0]?.cancel();
    expect(() => ring.open(0)).not.toThrow();
  });
});
