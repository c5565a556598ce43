/** One of the orders as it is run: a real process, to which the test speaks as its peers do. */
import { describe, expect, it } from 'vitest';
import { startProgram } from '../../support/program.js';

describe('one of the orders', () => {
  it('tells a leader whether it follows him, and not only that it heard him', async () => {
    const env = { PORT: '0', NAME: 'ord-1', PEERS: '127.0.0.1:1,127.0.0.1:2', STORE: '127.0.0.1:3' };
    await using program = await startProgram({ file: 'lab/orders/orders.js', env });
    const beat = async (from: string, term: number): Promise<unknown> => {
      const body = JSON.stringify({ term, from, role: 'leader' });
      return (await fetch(`http://${program.address}/beat`, { method: 'POST', body })).json();
    };
    expect(await beat('ord-2', 10)).toEqual({ heard: true });
    expect(await beat('ord-3', 6)).toEqual({ heard: false });
    expect(await (await fetch(`http://${program.address}/role`)).json()).toMatchObject({ role: 'follower', term: 10, leader: 'ord-2' });
  });
});
