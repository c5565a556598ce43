/** The store as a process, on a machine with SQLite and on one without: both keep what they acknowledge, and neither goes on with what it cannot read. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findSqlite } from '../../../src/core/sqlite.js';
import { type StartedProgram, startProgram } from '../../support/program.js';

const hasSqlite = findSqlite().kind === 'found';
const NO_SQLITE = `--import=${fileURLToPath(new URL('../../support/without-sqlite.mjs', import.meta.url))}`;

/** What a store does with a folder depends on what the machine can load; `grows` is the file that each record makes longer. */
const machines = [
  { with: 'SQLite', options: '', about: { engine: 'sqlite' }, grows: 'records.db-wal', isHere: hasSqlite },
  {
    with: 'no SQLite',
    options: NO_SQLITE,
    about: { engine: 'log', reason: expect.stringMatching(/^Cannot find module [^\n]*better-sqlite3'$/) },
    grows: 'records.jsonl',
    isHere: true,
  },
];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faultlab-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function startStore({ folder, options = '' }: { folder?: string; options?: string }): Promise<StartedProgram> {
  const env = { PORT: '0', NAME: 'db-1', NODE_OPTIONS: options, ...(folder !== undefined && { DATA: folder }) };
  const store = await startProgram({ file: 'lab/shop/store.js', env });
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

const put = async ({ address }: StartedProgram, key: string, state = 'paid'): Promise<number> =>
  (await fetch(`http://${address}/records/${key}`, { method: 'PUT', body: JSON.stringify({ state }) })).status;

const ask = async ({ address }: StartedProgram, path: string): Promise<unknown> => (await fetch(`http://${address}${path}`)).json();

/** Writes until the store is killed in the middle of it; the keys that it has acknowledged. */
async function killedWhileWriting(store: StartedProgram, { enough = 30 } = {}): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const write = async (name: string): Promise<void> => {
    for (let n = 0; !store.child.killed; n++) {
      const status = await put(store, `${name}-${n}`).catch(() => undefined);
      if (status === 201) acknowledged.push(`${name}-${n}`);
      if (acknowledged.length >= enough) store.child.kill('SIGKILL');
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(write));
  await store.exited;
  return acknowledged;
}

async function lostOf(store: StartedProgram, keys: readonly string[]): Promise<readonly string[]> {
  const records = await Promise.all(keys.map((key) => ask(store, `/records/${key}`)));
  return keys.filter((_, i) => (records[i] as { state?: string }).state !== 'paid');
}

describe.each(machines)('the store on a machine with $with', ({ options, about, grows, isHere }) => {
  it.skipIf(!isHere)(
    'says what keeps the records, and has all that it acknowledged before it was killed in the middle of writing',
    async () => {
      const folder = join(await newFolder(), 'data');
      const store = await startStore({ folder, options });
      const acknowledged = await killedWhileWriting(store);
      expect(store.lines).toEqual([expect.objectContaining({ program: 'store', event: 'started', ...about })]);
      const again = await startStore({ folder, options });
      expect(await lostOf(again, acknowledged)).toEqual([]);
      expect(await ask(again, '/health')).toMatchObject({ instance: 'db-1', engine: about.engine });
      again.child.kill('SIGTERM');
      expect(await again.exited).toEqual({ code: 0, signal: null });
    },
  );

  it.skipIf(!isHere)('refuses what a full disk does not take, and loses nothing else by it', async () => {
    const folder = await newFolder();
    const store = await startStore({ folder, options });
    expect(await put(store, 'before')).toBe(201);
    limitFiles(store, `${(await stat(join(folder, grows))).size + 10}`);
    expect([await put(store, 'full'), await put(store, 'before', 'sent')]).toEqual([500, 500]);
    expect(await ask(store, '/records/before')).toMatchObject({ state: 'paid' });
    limitFiles(store, 'unlimited');
    expect(await put(store, 'after')).toBe(201);
    store.child.kill('SIGKILL');
    await store.exited;
    const again = await startStore({ folder, options });
    expect(await lostOf(again, ['before', 'full', 'after'])).toEqual(['full']);
  });
});

/** The soft limit of what a file of it may grow to. */
function limitFiles({ child }: StartedProgram, bytes: string): void {
  execFileSync('prlimit', ['--pid', `${child.pid}`, `--fsize=${bytes}:`]);
}

it('a store without a folder loses what it acknowledged, so a loss would be seen', async () => {
  const acknowledged = await killedWhileWriting(await startStore({}));
  const again = await startStore({});
  expect(again.lines[0]).toMatchObject({ engine: 'memory' });
  expect(await lostOf(again, acknowledged)).toEqual(acknowledged);
});

it.each([
  ['records.db', '', 'file is not a database', hasSqlite],
  ['records.jsonl', NO_SQLITE, 'line 1 is no record', true],
])('a store ends with code 1 and one line where its %s is garbage', async (file, options, what, isHere) => {
  if (!isHere) return;
  const folder = await newFolder();
  await writeFile(join(folder, file), 'no records, and longer than the head of a database would be\n'.repeat(20));
  const store = await startStore({ folder, options });
  expect(await store.exited).toEqual({ code: 1, signal: null });
  expect(store.stderr()).toMatch(new RegExp(`^store: \\S+${file}: cannot be read: ${what}.*move the file away.*\n$`));
});
