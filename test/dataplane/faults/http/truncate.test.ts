import { describe, expect, it } from 'vitest';
import { truncate } from '../../../../src/dataplane/faults/http/truncate.js';
import { effectsOf } from '../../../support/effects.js';
import { answer, decider } from '../../../support/http-fault.js';
import { data } from '../../../support/pipeline.js';

const lengthOf10 = answer(200, { 'Content-Length': '10' });
const chunked = answer(200, { 'Transfer-Encoding': 'chunked' });

/** What it makes of a message: the length that the head gets, and the transform of the body. */
function cut(value: object, response: string) {
  const decision = decider(truncate, value)({ response });
  if (decision.kind !== 'edit' || decision.body?.kind !== 'stream') return { length: decision.kind, take: () => [] };
  const { length, open } = decision.body;
  const transform = open();
  return { length, take: (text: string) => effectsOf(transform, text === '' ? { kind: 'end' } : data(text)) };
}

describe('truncate', () => {
  it('with the wrong length keeps the head and ends the connection in the middle', () => {
    const { length, take } = cut({ after: '4B' }, lengthOf10);
    expect(length).toBe('short');
    expect(take('abc')).toEqual(['bytes:abc 0']);
    expect(take('defghij')).toEqual(['bytes:d 0', 'close 0']);
  });

  it('with the right length says so in the head and ends the message', () => {
    const { length, take } = cut({ share: '40%', length: 'right' }, lengthOf10);
    expect(length).toBe(4);
    expect(take('abcdefghij')).toEqual(['bytes:abcd 0', 'end 0']);
  });

  it('leaves a body alone that is not longer', () => {
    expect(cut({ after: '10B' }, lengthOf10).length).toBe('continue');
    expect(cut({ share: 100 }, lengthOf10).length).toBe('continue');
    const { take } = cut({ after: '10B' }, chunked);
    expect([...take('abc'), ...take('')]).toEqual(['bytes:abc 0', 'pass 0']);
  });

  it('waits for a body of unknown length, to know a share of it', () => {
    const right = cut({ share: '50%', length: 'right' }, chunked);
    expect(right.length).toBe('unknown');
    expect([...right.take('abcd'), ...right.take('ef')]).toEqual(['tickIn 10000']);
    expect(right.take('')).toEqual(['bytes:abc 0', 'end 0']);
    const wrong = cut({ share: '50%' }, chunked);
    expect([wrong.length, ...wrong.take('abcd'), ...wrong.take('')]).toEqual(['short', 'tickIn 10000', 'bytes:ab 0', 'close 0']);
  });

  it('waits for no more than 256 KiB of it, no longer than ten seconds, and not beyond its own end', () => {
    const long = cut({ share: '50%' }, chunked);
    const [passed, close] = long.take('x'.repeat(300_000)).slice(1);
    expect([passed?.length, close]).toEqual(['bytes: 0'.length + 128 * 1024, 'close 0']);
    const slow = decider(truncate, { share: '50%' })({ response: chunked });
    const transforms = [0, 1].map(() => slow.kind === 'edit' && slow.body?.kind === 'stream' && slow.body.open());
    const [late, removed] = transforms.map((transform) => transform || (() => {}));
    for (const transform of [late, removed]) effectsOf(transform as never, data('abcd'));
    expect(effectsOf(late as never, { kind: 'tick' })).toEqual(['bytes:ab 0', 'close 0']);
    expect(effectsOf(removed as never, { kind: 'removed' }), 'nothing is lost').toEqual(['bytes:abcd 0']);
  });

  it.each([
    {},
    { length: 'right' },
    { after: '1B', share: 50 },
    { after: 1 },
    { after: '-1B' },
    { share: '101%' },
    { after: '1B', length: 'exact' },
    { after: '1B', ending: 'close' },
  ])('refuses %j', (value) => {
    expect(truncate.schema.safeParse(value).success).toBe(false);
  });
});
