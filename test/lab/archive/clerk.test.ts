/** The programs as they run: a clerk and four shelves, of which one gets nothing that the clerk is told it got. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { forThisTest } from '../../support/for-this-test.js';
import { type Peer, startPeer } from '../../support/lab-peers.js';
import { startProgram } from '../../support/program.js';

async function depositsAt(address: string): Promise<number[]> {
  const answers = Array.from({ length: 12 }, (_, i) => request(`http://${address}/deposits/d-${i}`, { method: 'POST' }));
  return Promise.all(
    answers.map(async (asked) => {
      const { statusCode, body } = await asked;
      await body.dump();
      return statusCode;
    }),
  );
}

describe('an archive with one shelf that lies', () => {
  it('gives back what it took where it asks a quorum, and loses some where it asks one shelf', async () => {
    const liar: Peer = forThisTest(await startPeer((_request, response) => response.writeHead(201).end('{}')));
    const shelf = async (i: number) =>
      forThisTest(await startProgram({ file: 'lab/archive/shelf.js', env: { PORT: '0', NAME: `shelf-${i}` } }));
    const shelves = await Promise.all([1, 2, 3].map(shelf));
    const SHELVES = [`127.0.0.1:${liar.address.port}`, ...shelves.map(({ address }) => address)].join(',');
    const clerk = async (args: readonly string[]) =>
      forThisTest(await startProgram({ file: 'lab/archive/clerk.js', args, env: { PORT: '0', SHELVES } }));
    const [careful, careless] = await Promise.all([clerk([]), clerk(['--quorum', 'off'])]);
    expect(new Set(await depositsAt(careful.address))).toEqual(new Set([201]));
    expect(new Set(await depositsAt(careless.address))).toEqual(new Set([201, 500]));
    const charter = await request(`http://${careful.address}/documents/charter`);
    expect(await charter.body.json()).toMatchObject({ text: 'what is kept here is given back as it was brought' });
  }, 40_000);
});
