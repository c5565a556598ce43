/** The till and payments as they are run: real processes, and between them a relay that loses the answers it is told to lose. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../../support/program.js';

/** Forwards to payments, and cuts the connection in place of every second answer to a charge. */
async function losingRelay(to: string) {
  let charges = 0;
  const server = createServer((asked, response) => {
    const onward = request(`http://${to}${asked.url}`, { method: asked.method ?? 'GET', headers: asked.headers }, (answer) => {
      const isLost = asked.method === 'POST' && charges++ % 2 === 0;
      if (isLost) answer.resume().once('end', () => response.destroy());
      else answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
    });
    asked.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as { port: number }).port}`,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Sales whose first acknowledgement gets lost, and what the audit says of them. */
async function sell(count: number, args: readonly string[]) {
  await using payments = await startProgram({ file: 'lab/payments/payments.js', args, env: { PORT: '0', NAME: 'pay-1' } });
  using relay = await losingRelay(payments.address);
  await using till = await startProgram({ file: 'lab/payments/till.js', env: { PORT: '0', PAYMENTS: relay.address } });
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) statuses.push((await fetch(`http://${till.address}/sales/${i}`, { method: 'POST' })).status);
  const audit: unknown = await (await fetch(`http://${till.address}/audit`)).json();
  return { statuses, audit };
}

describe('an audit', () => {
  it('reads books that are longer than an answer may be, to their end', async () => {
    await using payments = await startProgram({
      file: 'lab/payments/payments.js',
      args: ['--idempotency', 'off'],
      env: { PORT: '0', NAME: 'p' },
    });
    await using till = await startProgram({ file: 'lab/payments/till.js', env: { PORT: '0', PAYMENTS: payments.address } });
    const sell = async (i: number) => (await fetch(`http://${till.address}/sales/${i}-${'x'.repeat(1_000)}`, { method: 'POST' })).status;
    const statuses = await Promise.all(Array.from({ length: 150 }, (_, i) => sell(i)));
    expect(new Set(statuses)).toEqual(new Set([201]));
    await sell(149);
    const answer = await fetch(`http://${till.address}/audit`);
    expect([answer.status, await answer.json()]).toEqual([200, { acknowledged: 150, missing: 0, doubled: 1 }]);
  });
});

describe('sales whose acknowledgements get lost', () => {
  it('are charged once where payments know the key again', async () => {
    const { statuses, audit } = await sell(5, []);
    expect(statuses).toEqual([201, 201, 201, 201, 201]);
    expect(audit).toEqual({ acknowledged: 5, missing: 0, doubled: 0 });
  });

  it('are charged twice where they do not, and nobody is told', async () => {
    const { statuses, audit } = await sell(5, ['--idempotency', 'off']);
    expect(statuses).toEqual([201, 201, 201, 201, 201]);
    expect(audit).toEqual({ acknowledged: 5, missing: 0, doubled: 5 });
  });
});
