import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ProbedInstance } from '../../../src/orchestrator/probes/probe.js';
import { readiness } from '../../../src/orchestrator/probes/readiness.js';
import { probing } from '../../support/probing.js';

const instance = (address: string, readyPath?: string): ProbedInstance => ({
  name: 'pay-1',
  address,
  readyPath,
  process: undefined,
  restarts: 0,
});
const ask = (instances: readonly ProbedInstance[], tolerance?: string) =>
  readiness.run(
    readiness.schema.parse({ target: { to: 'pay' }, tolerance }),
    probing({ instances: () => instances }),
    AbortSignal.timeout(5_000),
  );

async function subject(status: number) {
  const server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}

describe('the readiness probe', () => {
  it('tells an instance that accepts from one that says that it is ready', async () => {
    using slow = await subject(503);
    using fine = await subject(204);
    expect(await ask([instance(fine.address, '/ready')])).toEqual({ met: true, value: 1, detail: '1 of 1 ready' });
    expect(await ask([instance(fine.address, '/ready'), instance(slow.address, '/ready')])).toEqual({
      met: false,
      value: 1,
      detail: `1 of 2 ready; pay-1: ${slow.address}/ready answered 503`,
    });
    expect(await ask([instance(slow.address)]), 'without a path a connection is enough').toMatchObject({ met: true });
    expect(await ask([instance(slow.address, '/ready')], 'notReady')).toMatchObject({ met: true, value: 0 });
  });

  it('measures a refused connection as not ready, and has nothing to judge by without an instance', async () => {
    expect(await ask([instance('127.0.0.1:1', '/ready')])).toMatchObject({ met: false, value: 0 });
    expect(await ask([])).toMatchObject({ met: null });
  });
});
