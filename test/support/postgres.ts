/** A PostgreSQL of Debian's packages for one test file: its own data, a free port of loopback, an unprivileged user. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const VERSIONS = '/usr/lib/postgresql';
const READY_TRIES = 200;

/** Undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  const [version] = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort().reverse() : [];
  return version === undefined ? undefined : join(VERSIONS, version, 'bin');
}

export interface Postgres extends AsyncDisposable {
  /** `postgres://…` of an empty database. */
  url: string;
}

export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-postgres-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  // It refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
  if (asUser.length > 0) execFileSync('chown', ['nobody:nogroup', folder]);
  const [command, ...prefix] = [...asUser, join(programs, 'initdb')];
  execFileSync(command, [...prefix, '-D', data, '-U', 'faultlab', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C'], {
    stdio: 'ignore',
    cwd: folder,
  });
  const port = await freePort();
  const options = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'fsync=off',
  ];
  const [program = '', ...args] = [...asUser, join(programs, 'postgres'), ...options];
  const server = spawn(program, args, { stdio: 'ignore', cwd: folder });
  const ended = once(server, 'exit');
  await untilReady(port);
  return {
    url: `postgres://faultlab@127.0.0.1:${port}/postgres`,
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(port: number): Promise<void> {
  for (let n = 0; n < READY_TRIES; n++) {
    const socket = net.connect({ host: '127.0.0.1', port });
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('PostgreSQL did not come up');
}
