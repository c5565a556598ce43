import { describe, expect, it } from 'vitest';
import { ControlServer } from '../../src/control/server.js';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { DaemonDriver } from '../../src/orchestrator/drivers/daemon.js';

describe('the control server', () => {
  it('answers on the port it says, and its driver speaks to it', async () => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'staging' });
    await using server = new ControlServer({ daemon, version: '9', host: '127.0.0.1', port: 0 });
    const driver = new DaemonDriver({ url: await server.listen() });
    expect(await driver.status()).toMatchObject({ environment: 'staging', version: '9', halted: null, run: null });
    await driver.claim('r');
    await expect(driver.inject([])).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await driver.renew();
    await driver.release();
    expect((await driver.status()).run).toBe(null);
  });

  it('refuses to leave loopback without a token', async () => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'x' });
    expect(() => new ControlServer({ daemon, version: '9', host: '0.0.0.0', port: 0 })).toThrow(/token/);
  });

  it('says that the port is taken', async () => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'x' });
    await using first = new ControlServer({ daemon, version: '9', host: '127.0.0.1', port: 0 });
    const port = Number(new URL(await first.listen()).port);
    await using second = new ControlServer({ daemon, version: '9', host: '127.0.0.1', port });
    await expect(second.listen()).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
  });
});

describe('the driver', () => {
  it('names a daemon that does not answer', async () => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'x' });
    const server = new ControlServer({ daemon, version: '9', host: '127.0.0.1', port: 0 });
    const url = await server.listen();
    await server[Symbol.asyncDispose]();
    await expect(new DaemonDriver({ url }).status()).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
