import { once } from 'node:events';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.js';

const file = 'lab/shop/inventory.js';
const env = { PORT: '0', NAME: 'inventory-1' };
/** Stopping takes well below a second; the rest is a machine that stalls. */
const STOPPED_MS_MAX = 3_000;

describe('a sample program', () => {
  it('says on its first line where it listens', async () => {
    await using program = await startProgram({ file, env });
    expect(program.lines[0]).toMatchObject({ program: 'inventory', event: 'started', pid: program.child.pid });
    expect((await fetch(`http://${program.address}/health`)).status).toBe(200);
  });

  it('ends with code 0 on SIGTERM, open connections or not', async () => {
    await using program = await startProgram({ file, env });
    await fetch(`http://${program.address}/health`);
    const askedMs = performance.now();
    program.child.kill('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedMs).toBeLessThan(STOPPED_MS_MAX);
  });

  it('ends with code 1 and the address when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await using program = await startProgram({ file, env: { ...env, PORT: String(port) } });
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toMatch(new RegExp(`^inventory: cannot listen on 127.0.0.1:${port}: .*EADDRINUSE.*\n$`));
    other.close();
  });

  it('dies with code 137 and a word on why when what waits in it is more than it can hold', async () => {
    await using program = await startProgram({ file, args: ['--workers', '1', '--shedding', 'off', '--memory', '3'], env });
    const asked = Array.from({ length: 10 }, (_, i) => fetch(`http://${program.address}/stock/${i}`).catch(() => 'cut'));
    expect(await program.exited).toEqual({ code: 137, signal: null });
    expect(program.stderr()).toBe('inventory: out of memory: 3 requests wait\n');
    expect(await Promise.all(asked)).toContain('cut');
  });

  it.each([
    ['lab/shop/inventory.js', { PORT: '0' }, 'inventory: expected NAME in the environment, found nothing\n'],
    ['lab/shop/payments.js', { NAME: 'payments-1' }, 'payments: expected PORT in the environment, found nothing\n'],
    ['lab/shop/gateway.js', { PORT: '0', PAYMENTS: '127.0.0.1:1' }, 'gateway: expected INVENTORY in the environment, found nothing\n'],
  ])('%s ends with code 1 and says what is missing', async (program, environment, line) => {
    await using started = await startProgram({ file: program, env: environment });
    expect(await started.exited).toEqual({ code: 1, signal: null });
    expect(started.stderr()).toBe(line);
  });
});
