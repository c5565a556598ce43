/**
 * What `faultlab doctor` looks at, each with what it found and what to do about it. `bad` keeps runs from working; `limited` takes something
 * away that a run may not need.
 */
import { access, mkdtemp, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { LabError, reasonOf } from '../core/errors.js';
import { findSqlite } from '../core/sqlite.js';
import { tryWireMode } from '../dataplane/wire/wire-mode.js';
import { missingPrograms } from '../orchestrator/services/installed.js';
import { type ConnectOptions, connectDaemon } from './connection.js';

export interface Examined {
  state: 'good' | 'limited' | 'bad';
  found: string;
  /** What to do next; nothing if all is well. */
  advice?: string;
}
export interface Examination {
  name: string;
  examine(options: DoctorOptions): Promise<Examined>;
}
export interface DoctorOptions extends ConnectOptions {
  /** Folder of the runs. */
  out: string;
}

const NODE_MIN = [20, 19] as const;

/** What shipped experiments, tests and benchmarks start, beyond Node: each is needed only by what names it. */
const PROGRAMS = ['haproxy', 'nginx', 'redis-server', 'etcd', 'prometheus', 'chromium', 'wrk'];

export const examinations: readonly Examination[] = [
  { name: 'Node', examine: async () => nodeVersion(process.versions.node) },
  { name: 'loopback', examine: loopback },
  { name: 'sockets', examine: sockets },
  { name: 'run folder', examine: ({ out }) => runFolder(out) },
  { name: 'history', examine: async () => sqlite() },
  { name: 'open files', examine: async () => openFiles(process.report) },
  { name: 'daemon', examine: daemon },
  { name: 'programs', examine: async () => programs(process.env['PATH'] ?? '') },
];

export function nodeVersion(version: string): Examined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (isNewEnough) return { state: 'good', found: version };
  return { state: 'bad', found: version, advice: `install Node ${NODE_MIN.join('.')} or later` };
}

/** Every link needs a port of its own. */
async function loopback(): Promise<Examined> {
  const server = createServer();
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
    return { state: 'good', found: 'ports of 127.0.0.1 can be listened on' };
  } catch (error) {
    return { state: 'bad', found: reasonOf(error), advice: 'links listen on ports of 127.0.0.1: allow this user to' };
  } finally {
    server.close();
  }
}

async function sockets(): Promise<Examined> {
  if ((await tryWireMode()) === 'native') return { state: 'good', found: 'read and written below the stream layer' };
  return {
    state: 'limited',
    found: 'read and written as streams',
    advice: 'links work, but slower: this Node is not one that they were tuned on',
  };
}

async function runFolder(out: string): Promise<Examined> {
  const path = resolve(out);
  try {
    // Asking whether it may be written is not enough: to root the answer is always yes.
    await rmdir(await mkdtemp(join(await existingPartOf(path), '.faultlab-doctor-')));
    return { state: 'good', found: `${path} can be written` };
  } catch (error) {
    return { state: 'bad', found: reasonOf(error), advice: 'name another folder with --out' };
  }
}

/** The folder itself, or the nearest above it that is there. */
async function existingPartOf(path: string): Promise<string> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : existingPartOf(dirname(path));
}

function sqlite(): Examined {
  if (findSqlite().kind === 'found') return { state: 'good', found: 'SQLite' };
  return {
    state: 'limited',
    found: 'no SQLite: every journal is read each time',
    advice: 'Node 22 has SQLite built in; on Node 20, npm install better-sqlite3@12',
  };
}

/** Each connection through a link takes two. */
export function openFiles(report: Pick<NodeJS.ProcessReport, 'getReport'> | undefined): Examined {
  const { userLimits } = (report?.getReport() ?? {}) as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = Number(userLimits?.open_files?.soft);
  if (!Number.isFinite(soft)) return { state: 'good', found: 'no limit' };
  if (soft >= 4_096) return { state: 'good', found: `${soft} at once` };
  return {
    state: 'limited',
    found: `${soft} at once: about ${Math.floor(soft / 2)} connections through all links`,
    advice: 'ulimit -n 65536',
  };
}

async function daemon(options: DoctorOptions): Promise<Examined> {
  try {
    const { version, environment } = await connectDaemon(options).status();
    return { state: 'good', found: `version ${version}, environment ${environment}, at ${options.connect}` };
  } catch (error) {
    if (error instanceof LabError && error.code === 'DAEMON_UNREACHABLE')
      return { state: 'good', found: `none at ${options.connect}: runs start their own` };
    return {
      state: 'limited',
      found: `${options.connect}: ${reasonOf(error)}`,
      advice: 'only commands that speak to that address need it',
    };
  }
}

/** Debian's own folder for servers is on nobody's PATH but root's. */
function programs(path: string): Examined {
  const requires = PROGRAMS.map((program) => ({ program, package: program }));
  const missing = missingPrograms({ requires }, `${path}${delimiter}/usr/sbin`).map(({ program }) => program);
  if (missing.length === 0) return { state: 'good', found: PROGRAMS.join(', ') };
  return { state: 'limited', found: `not installed: ${missing.join(', ')}`, advice: 'only experiments and tests that name them need them' };
}
