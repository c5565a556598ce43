/** The program as it runs: three nodes that reach each other, and then only two. */
import { request } from 'undici';
import { expect, it } from 'vitest';
import { freePorts } from '../../../src/orchestrator/services/free-ports.js';
import { startProgram } from '../../support/program.js';

it('a value that was written through one node is read through another, and by nobody where only one node is left', async () => {
  const ports = await freePorts(3);
  const started = await Promise.all(
    ports.map((port, i) => {
      const PEERS = ports
        .filter((other) => other !== port)
        .map((other) => `127.0.0.1:${other}`)
        .join();
      return startProgram({ file: 'lab/registers/node.js', env: { PORT: String(port), NAME: `reg-${i + 1}`, PEERS } });
    }),
  );
  const ask = async (i: number, method: 'GET' | 'PUT', value?: string) => {
    const { statusCode, headers, body } = await request(`http://${started[i]?.address}/registers/k`, {
      method,
      ...(value && { headers: { 'x-value': value } }),
    });
    await body.dump();
    return [statusCode, headers['x-value']];
  };
  try {
    expect(await ask(0, 'GET')).toEqual([404, undefined]);
    expect(await ask(0, 'PUT')).toEqual([400, undefined]);
    expect(await ask(0, 'PUT', 'v1')).toEqual([200, undefined]);
    expect(await ask(1, 'GET')).toEqual([200, 'v1']);
    await started[0]?.[Symbol.asyncDispose]();
    expect(await ask(2, 'PUT', 'v2')).toEqual([200, undefined]);
    expect(await ask(1, 'GET')).toEqual([200, 'v2']);
    await started[1]?.[Symbol.asyncDispose]();
    expect(await ask(2, 'GET')).toEqual([503, undefined]);
    expect(await ask(2, 'PUT', 'v3')).toEqual([503, undefined]);
  } finally {
    await Promise.all(started.map((program) => program[Symbol.asyncDispose]()));
  }
}, 60_000);
