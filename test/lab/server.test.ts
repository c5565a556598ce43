import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen } from '../../src/lab/server.js';

describe('a server of the samples', () => {
  it('gives back what it works with, in order, once nobody can ask any more', async () => {
    const gone: string[] = [];
    const running = await listen(createServer(), 0, [
      { [Symbol.dispose]: () => gone.push('timer') },
      {
        [Symbol.asyncDispose]: async () => {
          const answered = await fetch(`http://${running.address}/`).then(
            () => 'answered',
            () => 'closed',
          );
          gone.push(`caller ${answered}`);
        },
      },
    ]);
    expect(gone).toEqual([]);
    await running[Symbol.asyncDispose]();
    expect(gone).toEqual(['timer', 'caller closed']);
  });

  it('says which address is taken', async () => {
    await using first = await listen(createServer(), 0);
    const port = Number(first.address.split(':')[1]);
    await expect(listen(createServer(), port)).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
  });
});
