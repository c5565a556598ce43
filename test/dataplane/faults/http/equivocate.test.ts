import { describe, expect, it } from 'vitest';
import { equivocate } from '../../../../src/dataplane/faults/http/equivocate.js';
import { get, httpProxyTo } from '../../../support/http.js';
import { answer, decider } from '../../../support/http-fault.js';
import { nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

const versions = [{ status: 201 }, { status: 202 }];
const heard = (decision: unknown): number => (decision as { head?: { status?: number } }).head?.status ?? 200;

describe('equivocate', () => {
  it.each([
    {},
    { versions: [] },
    { versions: [{}] },
    { versions: Array.from({ length: 17 }, () => ({ status: 500 })) },
    { versions, by: 'request' },
    { versions, by: 'header:' },
    { versions: { status: 500 } },
  ])('refuses %j', (value) => {
    expect(equivocate.schema.safeParse(value).success).toBe(false);
  });

  it('tells each caller always the same, and no two neighbours', () => {
    const decide = decider(equivocate, { versions });
    const ask = (from: string) => heard(decide({ from, response: answer() }));
    expect(['a', 'b', 'c', 'd', 'a', 'c', 'b', 'd', 'a'].map(ask)).toEqual([200, 201, 202, 200, 200, 202, 201, 200, 200]);
  });

  it('tells callers apart by address, or by a header', () => {
    const bySource = decider(equivocate, { versions, by: 'source' });
    expect(['10.0.0.1', '10.0.0.2', '10.0.0.1'].map((source) => heard(bySource({ source, response: answer() })))).toEqual([200, 201, 200]);
    const byHeader = decider(equivocate, { versions, by: 'header:X-Client' });
    const ask = (client: string) => heard(byHeader({ request: get('/', { 'x-client': client }), response: answer() }));
    expect(['a', 'b', 'a', 'b'].map(ask)).toEqual([200, 201, 200, 201]);
  });

  it('remembers so many callers, and decides the same for each of the others as well', () => {
    const decide = decider(equivocate, { versions });
    const ask = (n: number) => heard(decide({ from: `caller ${n}`, response: answer() }));
    for (let n = 0; n < 10_000; n++) ask(n);
    const late = Array.from({ length: 50 }, (_, n) => ask(20_000 + n));
    expect(late).toEqual(Array.from({ length: 50 }, (_, n) => ask(20_000 + n)));
    expect(new Set(late)).toEqual(new Set([200, 201, 202]));
  });
});

describe('equivocate on a link', () => {
  it('names each caller another leader, and stays with it', async () => {
    await using server = await nodeServer((_heard, response) =>
      response.setHeader('content-type', 'application/json').end('{"leader":"node-1","term":7}'),
    );
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const value = { by: 'header:x-client', versions: [{ body: { leader: 'node-2' } }] };
    link.proxy.setFaults([activeFault({ type: 'equivocate', value })]);
    const heardBy = async (client: string) => (await caller.ask('/', { headers: { 'x-client': client } })).body;
    const [truth, lie] = ['{"leader":"node-1","term":7}', '{"leader":"node-2","term":7}'];
    expect([await heardBy('a'), await heardBy('b'), await heardBy('b'), await heardBy('a')]).toEqual([truth, lie, lie, truth]);
  });
});
