/**
 * A door to a PostgreSQL and its follower for callers that speak of registers: `PUT /registers/KEY` with `x-value` writes, `GET` answers with `x-value`, or 404. It
 * looks after the two as an operator's script would, and promotes the follower when the leader is gone; what the leader had acknowledged and the follower never got
 * is lost then. Started with PORT and SERVERS (two addresses, the leader's first).
 */
import pg from 'pg';
import { reasonOf } from '../../core/errors.js';
import { type Address, readAddresses, readPort } from '../environment.js';
import { every } from '../every.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { VALUE_HEADER } from '../value-header.js';
import { createTakeover, type Takeover } from './takeover.js';

const LOOK_EVERY_MS = 300;
/** Of the door's user at the servers. */
const LOGIN = { user: 'faultlab', database: 'postgres' };
const CONNECT_MS_MAX = 1_000;
/** Whoever writes may have to wait until a follower agrees. */
const QUERY_MS_MAX = 4_000;
const CONNECTIONS_MAX = 10;

interface Door {
  readonly pools: { readonly first: pg.Pool; readonly second: pg.Pool };
  readonly takeover: Takeover;
  hasTable: boolean;
  isPromoted: boolean;
}

await runProgram({ name: 'door', start });

function start({ env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const [first, second = first] = readAddresses(env, 'SERVERS');
  const door: Door = {
    pools: { first: poolOf(first), second: poolOf(second) },
    takeover: createTakeover(),
    hasTable: false,
    isPromoted: false,
  };
  const looks = every(
    clock,
    LOOK_EVERY_MS,
    () => look(door, log),
    (error) => log({ event: 'look', error: String(error) }),
  );
  const ends = [door.pools.first, door.pools.second].map((pool) => ({ [Symbol.asyncDispose]: () => pool.end() }));
  const server = createJsonServer((asked) => serve(door, asked));
  return listen(server, readPort(env, 'PORT'), [looks, ...ends]);
}

function poolOf({ host, port }: Address): pg.Pool {
  const limits = { max: CONNECTIONS_MAX, connectionTimeoutMillis: CONNECT_MS_MAX, query_timeout: QUERY_MS_MAX };
  const pool = new pg.Pool({ host, port, ...LOGIN, ...limits });
  // A connection that breaks while nobody uses it is replaced by the next that is needed.
  pool.on('error', () => {});
  return pool;
}

/** Until there is a table nobody is replaced: the servers are still coming up. What cannot be done now is tried again at the next look. */
async function look(door: Door, log: ProgramInput['log']): Promise<void> {
  const { pools, takeover } = door;
  if (!door.hasTable) {
    await pools.first.query('create table if not exists registers (key text primary key, value text)');
    door.hasTable = true;
  }
  if (takeover.leader === 'first') takeover.looked(await isThere(pools.first));
  if (takeover.leader === 'first' || door.isPromoted) return;
  await pools.second.query('select pg_promote()');
  door.isPromoted = true;
  log({ event: 'promoted' });
}

function isThere(pool: pg.Pool): Promise<boolean> {
  return pool.query('select 1').then(
    () => true,
    () => false,
  );
}

async function serve(door: Door, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { leader: door.takeover.leader });
  if (path === '/ready') return answerJson(response, door.hasTable ? 200 : 503, {});
  const [, what, key = ''] = path.split('/');
  if (what !== 'registers' || key === '') return answerJson(response, 404, { error: `no route ${path}` });
  const leader = door.pools[door.takeover.leader];
  try {
    if (request.method === 'PUT') {
      const value = String(request.headers[VALUE_HEADER] ?? '');
      await leader.query('insert into registers values ($1, $2) on conflict (key) do update set value = excluded.value', [key, value]);
      return answerJson(response, 200, {});
    }
    const { rows } = await leader.query<{ value: string }>('select value from registers where key = $1', [key]);
    const value = rows[0]?.value;
    if (value !== undefined) response.setHeader(VALUE_HEADER, value);
    answerJson(response, value === undefined ? 404 : 200, { key, value });
  } catch (error) {
    answerJson(response, 503, { error: reasonOf(error) });
  }
}
