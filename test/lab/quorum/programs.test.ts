/** Members and a desk as the processes they are: what the desk was told is written can be read, and all members have it. */
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../src/orchestrator/services/free-ports.js';
import { forThisTest } from '../../support/for-this-test.js';
import { startProgram } from '../../support/program.js';
import { until } from '../../support/until.js';

const MEMBERS = ['q-1', 'q-2', 'q-3'];

describe('the programs of the quorum', () => {
  it('write what the desk is given, read it back, and pass its audit', async () => {
    const ports = await freePorts(MEMBERS.length);
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    for (const [i, name] of MEMBERS.entries()) {
      const peers = addresses.filter((_, other) => other !== i).join();
      const env = { PORT: String(ports[i]), NAME: name, PEERS: peers, MEMBERS: MEMBERS.join() };
      forThisTest(await startProgram({ file: 'lab/quorum/quorum.js', env }));
    }
    const env = { PORT: '0', QUORUM: addresses.join(), MEMBERS: MEMBERS.join() };
    const desk = forThisTest(await startProgram({ file: 'lab/quorum/desk.js', env }));
    const ask = (path: string, init: RequestInit = {}) => fetch(`http://${desk.address}${path}`, init);
    await until(async () => (await ask('/ready')).ok);
    await until(async () => (await ask('/items/a', { method: 'PUT', headers: { 'x-value': 'first' } })).ok);
    expect((await until(async () => [await ask('/items/a')].find(({ ok }) => ok))).headers.get('x-value')).toBe('first');
    expect((await ask('/items/unknown')).status).toBe(404);
    const audited = await until(async () => {
      const told = (await (await ask('/audit')).json()) as { acknowledged: number };
      return told.acknowledged > 0 ? told : undefined;
    });
    expect(audited).toEqual({ acknowledged: 1, lost: 0, differing: 0 });
  }, 90_000);
});
