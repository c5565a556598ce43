/**
 * PostgreSQL with a follower, and libpq, which is given both and takes the one that can be written to. Who leads is decided here, as an operator's
 * script would: the leader is asked through its link, and the follower promoted when it has not answered for a while. What PostgreSQL says is that
 * it has left recovery.
 */
import pg from 'pg';
import { hostClock, sleep } from '../../../src/core/clock.js';
import { type Postgres, postgresPrograms, startFollower, startPostgres } from '../../support/postgres.js';
import { type Founders, realFailover } from './failover-cycles.js';
import { missingPython, startPython } from './python-library.js';

const SERVERS = ['postgres-1', 'postgres-2'];
const LOOK_EVERY_MS = 200;
const LOOKS_MISSED_MAX = 3;

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  // It tells of a cut connection by an event, beside the promise.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Promotes by `promote` as often as the leader is gone, until it is told to stop. */
async function watch({
  look,
  promote,
  until,
}: {
  look: () => Promise<void>;
  promote: () => Promise<void>;
  until: AbortSignal;
}): Promise<void> {
  let missed = 0;
  while (!until.aborted) {
    missed = await look().then(
      () => 0,
      () => missed + 1,
    );
    if (missed >= LOOKS_MISSED_MAX) {
      await promote();
      missed = 0;
    }
    await sleep(hostClock, LOOK_EVERY_MS);
  }
}

function founders(): Founders {
  const servers = new Map<string, Postgres>();
  const urlOf = (server: string): string => servers.get(server)?.url ?? '';
  const otherThan = (server: string): string => SERVERS.find((one) => one !== server) ?? server;
  return {
    start: async (server) => {
      const [leader] = servers.keys();
      const programs = postgresPrograms() ?? '';
      const started = await (leader === undefined ? startPostgres(programs) : startFollower(programs, urlOf(leader)));
      if (leader === undefined) await query(started.url, 'create table tokens (token text)');
      servers.set(server, started);
      return started;
    },
    gather: async (stage, { callers, onLeader }) => {
      let leader = 'postgres-1';
      const portOf = (caller: string, server: string): number => stage.portOf(caller, server);
      const stop = new AbortController();
      const watching = watch({
        look: () => query(`postgres://faultlab@127.0.0.1:${portOf(callers.good, leader)}/postgres`, 'select 1'),
        promote: async () => {
          await query(urlOf(otherThan(leader)), 'select pg_promote()');
          leader = otherThan(leader);
          onLeader(leader, hostClock.nowMs());
        },
        until: stop.signal,
      });
      const connect = (ports: readonly number[], onSaid: Parameters<typeof startPython>[1]['onSaid']) => {
        const hosts = ports.map(() => '127.0.0.1').join(',');
        const conninfo = `host=${hosts} port=${ports.join(',')} user=faultlab dbname=postgres target_session_attrs=read-write connect_timeout=2`;
        return startPython('postgres_client.py', { args: [conninfo], onSaid });
      };
      return {
        leader: () => leader,
        follow: (onSaid) =>
          connect(
            SERVERS.map((server) => portOf(callers.good, server)),
            onSaid,
          ),
        cling: (server) => connect([portOf(callers.bad, server)], () => {}),
        rejoin: async (server) => servers.get(server)?.follow(urlOf(leader)),
        [Symbol.asyncDispose]: async () => {
          stop.abort();
          await watching;
        },
      };
    },
  };
}

export const postgresFailover = realFailover({
  name: 'PostgreSQL 15 libpq (real)',
  summary: 'promoted after 3 failed looks 200 ms apart, target_session_attrs=read-write',
  missing: () => (postgresPrograms() === undefined ? 'PostgreSQL is not installed: apt-get install postgresql' : missingPython('psycopg2')),
  servers: SERVERS,
  founders,
  withinMs: 4_000,
  faultMs: 5_500,
});
