/** The door, the numbers and the end of a proxy's connections, whatever the proxy makes of them. */
import { describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import type { OpenConnection } from '../../src/dataplane/open-connections.js';
import { DEFAULT_LIMITS, proxySpecSchema } from '../../src/dataplane/proxy.js';
import { type NewcomerIdentity, ProxyShell } from '../../src/dataplane/proxy-shell.js';
import { closeCode, dial, until } from '../support/tcp.js';

const IDLE = { source: undefined, bytesUp: 0, bytesDown: 0, heldBytes: 0, faults: [] };

/** A shell whose connections do nothing until they are ended. */
async function shellOf({ connectionsMax = 10, connectionsBefore = 0 } = {}) {
  const spec = proxySpecSchema.parse({ name: 'a->b', upstream: '127.0.0.1:9', to: 'b' });
  const entered: NewcomerIdentity[] = [];
  const shell: ProxyShell<OpenConnection & { end(): void }> = new ProxyShell({
    ports: { clock: hostClock, record: () => {}, connectionsBefore },
    spec,
    limits: { ...DEFAULT_LIMITS, connectionsMax },
    faults: () => [],
    enter: ({ accepted, identity }) => {
      entered.push(identity);
      const wire = accepted.wire({
        data: () => {},
        end: () => wire.end(),
        drain: () => {},
        close: () => shell.delete(identity.connection),
      });
      const end = (): void => wire.destroy();
      shell.add(identity.connection, { startMs: identity.startMs, heldBytes: 3, state: () => IDLE, cut: () => wire.reset(), end });
    },
  });
  await shell.listen();
  return { shell, entered, dial: () => dial(Number(shell.address.split(':')[1])) };
}
const endAll = (connection: object): void => {
  if ('end' in connection) (connection as { end(): void }).end();
};

describe('a shell', () => {
  it('numbers who comes in, and goes on where an earlier one has stopped', async () => {
    const { shell, entered, dial } = await shellOf({ connectionsBefore: 40 });
    const callers = [dial(), dial()];
    await until('both are in', () => entered.length === 2);
    expect(entered).toMatchObject([
      { link: 'a->b', instance: 'b', connection: 41 },
      { link: 'a->b', instance: 'b', connection: 42 },
    ]);
    expect(shell.nextIdentity().connection).toBe(43);
    expect(shell.stats).toEqual({ connections: 2, connectionsTotal: 43, heldBytes: 6 });
    expect(shell.page({ after: 41, max: 10 })).toMatchObject([{ connection: 42 }]);
    callers[0]?.end();
    await until('one has left', () => shell.stats.connections === 1);
    await shell.close(endAll);
    expect(shell.stats.connections).toBe(0);
  });

  it('turns away who finds no room, and lets the next one in when there is some', async () => {
    const { shell, entered, dial } = await shellOf({ connectionsMax: 1 });
    const first = dial();
    await until('it is in', () => entered.length === 1);
    expect(shell.room).toBe(0);
    expect(await closeCode(dial())).toBe('ECONNRESET');
    expect(shell.kill(1)).toBe(true);
    expect(shell.kill(2)).toBe(false);
    await until('it has left', () => shell.room === 1);
    first.destroy();
    dial();
    await until('the next is in', () => entered.length === 2);
    await shell.close(endAll);
  });

  it('is closed when the last of its connections is gone, however often it is asked', async () => {
    const { shell, entered, dial } = await shellOf();
    dial();
    await until('it is in', () => entered.length === 1);
    let isClosed = false;
    const closing = shell
      .close(() => {})
      .then(() => {
        isClosed = true;
      });
    expect(shell.isClosing).toBe(true);
    expect(await closeCode(dial())).toMatch(/ECONNREFUSED|ECONNRESET/);
    expect(isClosed).toBe(false);
    for (const connection of shell.open) endAll(connection);
    await Promise.all([closing, shell.close(endAll)]);
  });
});
