import { describe, expect, it } from 'vitest';
import { type BodyFrame, BodyFramer } from '../../../src/dataplane/http/body-framer.js';

function framed(frame: BodyFrame, pieces: readonly string[], trailers = '') {
  const framer = new BodyFramer(frame);
  const body = pieces.map((piece) => framer.frame(Buffer.from(piece)).toString()).join('');
  return {
    text: body + framer.end(trailers).toString(),
    isWhole: framer.isWhole,
    isFull: framer.isFull,
    endsConnection: framer.endsConnection,
  };
}

describe('a framer', () => {
  it('makes chunks, and no empty one before the last', () => {
    expect(framed('chunked', ['abc', '', 'x'.repeat(17)])).toMatchObject({
      text: `3\r\nabc\r\n11\r\n${'x'.repeat(17)}\r\n0\r\n\r\n`,
      isWhole: true,
    });
    expect(framed('chunked', [], 'x-sum: 1\r\n')).toMatchObject({ text: '0\r\nx-sum: 1\r\n\r\n', isWhole: true, endsConnection: false });
  });

  it('writes no more than was promised, and says whether that was there', () => {
    expect(framed(5, ['abc', 'defg', 'h'])).toEqual({ text: 'abcde', isWhole: true, isFull: true, endsConnection: false });
    expect(framed(5, ['abc'])).toMatchObject({ text: 'abc', isWhole: false, isFull: false });
    expect(framed('none', ['abc'])).toMatchObject({ text: '', isWhole: true, isFull: true });
  });

  it('ends bare bytes with the connection', () => {
    expect(framed('untilClose', ['abc'], 'x: y\r\n')).toMatchObject({ text: 'abc', isWhole: true, endsConnection: true });
    expect(framed('raw', ['5\r\nab'])).toMatchObject({ text: '5\r\nab', isWhole: false, endsConnection: true });
  });
});
