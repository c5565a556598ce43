import { describe, expect, it } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { garbage } from '../../../../src/dataplane/faults/http/garbage.js';
import { get, httpProxyTo, Transcript } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { curl, fate, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault, untilEmpty } from '../../../support/tcp.js';

function bytesOf(value: object, seed = 1): Buffer {
  const decision = decider(garbage, value)({ random: drawStream(keyedDraw({ seed, faultId: 'garbage' }), 'message') });
  if (decision.kind !== 'raw') throw new Error(decision.kind);
  expect(decision.ending).toBe('close');
  return decision.bytes;
}

describe('garbage', () => {
  it('is as long as asked for, of all kinds of bytes, the same for the same seed', () => {
    expect(bytesOf({})).toHaveLength(1_024);
    const bytes = bytesOf({ size: '64KiB' });
    expect(bytes).toHaveLength(65_536);
    expect(new Set(bytes).size).toBe(256);
    expect(bytesOf({ size: '64KiB' }).equals(bytes)).toBe(true);
    expect(bytesOf({ size: '64KiB' }, 2).equals(bytes)).toBe(false);
  });

  it.each([{ size: '0B' }, { size: '65KiB' }, { size: 16 }, { bytes: '1B' }])('refuses %j', (value) => {
    expect(garbage.schema.safeParse(value).success).toBe(false);
  });

  it.each([
    { direction: 'down' as const, heard: 3 },
    { direction: 'up' as const, heard: 0 },
  ])('is what undici and curl get for an answer; $direction, the callee has heard $heard of 3 requests', async ({ direction, heard }) => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'garbage', direction, value: { size: '2KiB' } })]);
    await using caller = undiciCaller(link.port);
    expect(await fate(caller.ask())).toMatch(/^HPE_|^HTTPParserError$/);
    expect((await curl(`http://127.0.0.1:${link.port}/`)).exit).not.toBe(0);
    const raw = new Transcript(link.dial());
    raw.socket.write(get());
    expect(await raw.end()).toHaveLength(2_048);
    raw.socket.end();
    await untilEmpty(link);
    expect(server.heard).toHaveLength(heard);
    expect(link.exchanges.map(({ applied }) => applied)).toEqual(Array(3).fill(['garbage']));
  });
});
