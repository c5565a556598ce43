import { describe, expect, it } from 'vitest';
import { malformedChunk } from '../../../../src/dataplane/faults/http/malformed-chunk.js';
import { MessageReader } from '../../../../src/dataplane/http/message-reader.js';
import { effectsOf } from '../../../support/effects.js';
import { httpProxyTo } from '../../../support/http.js';
import { answer, decider } from '../../../support/http-fault.js';
import { curl, fate, nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { data } from '../../../support/pipeline.js';
import { activeFault, untilEmpty } from '../../../support/tcp.js';

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

  it.each(['size', 'hugeSize', 'noEnd', 'short', 'missing'])('%s is an error for undici and curl, and nobody waits', async (defect) => {
    await using server = await nodeServer((heard, response) => {
      if (heard.url === '/chunks') response.write('012345678');
      response.end('012345678');
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'malformedChunk', value: { defect, after: '4B' } })]);
    for (const path of ['/length', '/chunks']) {
      await using caller = undiciCaller(link.port);
      expect(await fate(caller.ask(path))).toMatch(/^(HPE_|HTTPParserError$|UND_ERR_SOCKET$)/);
      const { exit, stdout } = await curl(`http://127.0.0.1:${link.port}${path}`);
      expect([18, 56], String(exit)).toContain(exit);
      expect(stdout).toMatch(/^0123/);
    }
    await untilEmpty(link);
    expect(link.exchanges).toHaveLength(4);
  });

  it.each(['size', 'hugeSize', 'noEnd', 'short', 'missing'])(
    '%s in a request is never taken for a whole one by Node or nginx',
    async (defect) => {
      await using node = await nodeServer();
      await using nginx = await nginxServer('location / { proxy_pass http://127.0.0.1:1; }');
      for (const { port } of [node, nginx]) {
        await using link = await httpProxyTo(port);
        link.proxy.setFaults([activeFault({ type: 'malformedChunk', direction: 'up', value: { defect, after: '4B' } })]);
        await using caller = undiciCaller(link.port);
        expect(await fate(caller.ask('/', { method: 'POST', body: '012345678' }))).toMatch(/^(400|502|HPE_\w+|UND_ERR_SOCKET|ECONNRESET)$/);
        await untilEmpty(link);
      }
      expect(node.heard).toHaveLength(0);
    },
  );

  it('passes a caller by that speaks HTTP/1.0, which has no chunks', async () => {
    await using server = await nodeServer((_heard, response) => response.end('012345678'));
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'malformedChunk' })]);
    expect(await curl('--http1.0', `http://127.0.0.1:${link.port}/`)).toMatchObject({ exit: 0, stdout: '012345678' });
  });
});
