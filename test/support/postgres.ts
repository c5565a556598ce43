/** A PostgreSQL of Debian's packages for one test file: its own data, a free port of loopback, an unprivileged user. One may follow another. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from '../../src/orchestrator/services/free-ports.js';

const VERSIONS = '/usr/lib/postgresql';
const READY_TRIES = 600;

/** Undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  const [version] = existsSync(VERSIONS) ? readdirSync(VERSIONS).sort().reverse() : [];
  return version === undefined ? undefined : join(VERSIONS, version, 'bin');
}

const USER = 'faultlab';

export interface Postgres extends AsyncDisposable {
  /** `postgres://…` of an empty database. */
  url: string;
  port: number;
  /** Forgets what it has and comes back, on the same port, as a follower of the one with this URL. */
  follow(leader: string): Promise<void>;
}

export async function startPostgres(programs: string): Promise<Postgres> {
  const [port = 0] = await freePorts(1);
  const server = new Server(programs, port);
  await server.create();
  return server;
}

/** A copy of a running one, which it follows from then on. */
export async function startFollower(programs: string, leader: string): Promise<Postgres> {
  const [port = 0] = await freePorts(1);
  const server = new Server(programs, port);
  await server.follow(leader);
  return server;
}

class Server implements Postgres {
  readonly port: number;
  readonly url: string;
  readonly #programs: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'faultlab-postgres-'));
  readonly #data = join(this.#folder, 'data');
  // It refuses to run as root.
  readonly #asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
  #end: () => Promise<void> = async () => {};

  constructor(programs: string, port: number) {
    this.#programs = programs;
    this.port = port;
    this.url = `postgres://${USER}@127.0.0.1:${port}/postgres`;
    chmodSync(this.#folder, 0o755);
    if (this.#asUser.length > 0) execFileSync('chown', ['nobody:nogroup', this.#folder]);
  }

  async create(): Promise<void> {
    await this.#run('initdb', ['-D', this.#data, '-U', USER, '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C']);
    await this.#start();
  }

  async follow(leader: string): Promise<void> {
    await this.#end();
    rmSync(this.#data, { recursive: true, force: true });
    await this.#run('pg_basebackup', ['-d', leader, '-D', this.#data, '-R', '-c', 'fast', '-X', 'stream', '--no-sync']);
    await this.#start();
  }

  #command(name: string, args: readonly string[]): [program: string, args: string[]] {
    const [program = '', ...rest] = [...this.#asUser, join(this.#programs, name), ...args];
    return [program, rest];
  }

  async #run(name: string, args: readonly string[]): Promise<void> {
    await promisify(execFile)(...this.#command(name, args), { cwd: this.#folder });
  }

  async #start(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${this.#folder}`, 'fsync=off'];
    const args = ['-D', this.#data, '-p', `${this.port}`, ...settings.flatMap((setting) => ['-c', setting])];
    const server = spawn(...this.#command('postgres', args), { stdio: 'ignore', cwd: this.#folder });
    const ended = once(server, 'exit');
    this.#end = async () => {
      server.kill('SIGINT');
      await ended;
    };
    await this.#untilReady();
  }

  /** Its port is open before it answers there. */
  async #untilReady(): Promise<void> {
    for (let n = 0; n < READY_TRIES; n++) {
      const isReady = await this.#run('pg_isready', ['-q', '-h', '127.0.0.1', '-p', `${this.port}`, '-d', 'postgres']).then(
        () => true,
        () => false,
      );
      if (isReady) return;
      await sleep(50);
    }
    throw new Error('PostgreSQL did not come up');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
