import { afterEach, describe, expect, it } from 'vitest';
import { answerJson } from '../../src/lab/json-answer.js';
import { createJsonServer } from '../../src/lab/json-server.js';
import type { RunningProgram } from '../../src/lab/program.js';
import { listen } from '../../src/lab/server.js';

let running: RunningProgram | undefined;
afterEach(() => running?.[Symbol.asyncDispose]());

describe('a server of the samples', () => {
  it('hands requests on with their path, and answers what goes wrong in one with a 500', async () => {
    const server = createJsonServer(async ({ response, path }) => {
      if (path === '/bad') throw new Error('out of stock');
      answerJson(response, 200, { path });
    });
    running = await listen(server, 0);
    const ask = async (path: string) => {
      const answer = await fetch(`http://${running?.address}${path}`);
      return [answer.status, await answer.json()];
    };
    expect(await ask('/stock/7?from=here')).toEqual([200, { path: '/stock/7' }]);
    expect(await ask('/bad')).toEqual([500, { error: 'out of stock' }]);
    expect(await ask('/stock/8')).toEqual([200, { path: '/stock/8' }]);
  });
});
