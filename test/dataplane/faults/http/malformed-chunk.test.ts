import { describe, expect, it } from 'vitest';
import { malformedChunk } from '../../../../src/dataplane/faults/http/malformed-chunk.js';
import { MessageReader } from '../../../../src/dataplane/http/message-reader.js';
import { effectsOf } from '../../../support/effects.js';
import { answer, decider } from '../../../support/http-fault.js';
import { data } from '../../../support/pipeline.js';

/** What it writes for these reads, an empty one being the end, and the last effect. */
function written(value: object, reads: readonly string[]): { text: string; last: string | undefined } {
  const decision = decider(malformedChunk, value)({ response: answer(200, { 'Content-Length': '9' }) });
  if (decision.kind !== 'edit' || decision.body?.kind !== 'stream') throw new Error(decision.kind);
  expect(decision.body.length).toBe('raw');
  const transform = decision.body.open();
  const effects = reads.flatMap((text) => effectsOf(transform, text === '' ? { kind: 'end' } : data(text)));
  const text = effects.map((effect) => (effect.startsWith('bytes:') ? effect.slice(6, -2) : '')).join('');
  return { text, last: effects.at(-1) };
}

/** How a reader of chunks takes it: the last event before the connection ends. */
function readingOf(text: string): string {
  const reader = new MessageReader({ kind: 'response', headBytesMax: 16_384 });
  reader.startBody('chunked');
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; ) {
    const next = reader.advance(bytes, at);
    if (reader.event === 'malformed' || reader.event === 'end' || next === at) break;
    at = next;
  }
  return reader.event;
}

describe('malformedChunk', () => {
  it.each([
    { defect: 'size', wire: '2\r\nab\r\n2\r\ncd\r\nnot-hex\r\nef\r\n' },
    { defect: 'hugeSize', wire: '2\r\nab\r\n2\r\ncd\r\nfffffffffffffffff\r\nef\r\n' },
    { defect: 'noEnd', wire: '2\r\nab\r\n2\r\ncd\r\n2\r\nef??' },
    { defect: 'short', wire: '2\r\nab\r\n2\r\ncd\r\n402\r\nef' },
    { defect: 'missing', wire: '2\r\nab\r\n2\r\ncd\r\n' },
  ])('$defect comes behind good chunks, and the connection ends behind it', ({ defect, wire }) => {
    expect(written({ defect, after: '4B' }, ['ab', 'cdef'])).toEqual({ text: wire, last: 'close 0' });
  });

  it.each(['size', 'hugeSize', 'noEnd', 'short', 'missing'])('%s is never taken for a whole body, however short that is', (defect) => {
    for (const reads of [[''], ['a', ''], ['a'.repeat(4), ''], ['a'.repeat(5), ''], ['abc', 'defg', '']]) {
      const { text, last } = written({ defect, after: '4B' }, reads);
      expect(readingOf(text), JSON.stringify(text)).not.toBe('end');
      expect(last).toBe('close 0');
    }
  });

  it('is in the first chunk unless told otherwise', () => {
    expect(malformedChunk.schema.parse({})).toEqual({ defect: 'size', after: 0 });
    expect(written({}, ['abc']).text).toBe('not-hex\r\nabc\r\n');
  });

  it.each([{ defect: 'none' }, { after: 1 }, { after: '-1B' }, { length: 'wrong' }])('refuses %j', (value) => {
    expect(malformedChunk.schema.safeParse(value).success).toBe(false);
  });
});
