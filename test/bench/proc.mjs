/** Memory and processor time of a process and its children as the kernel counts them, and who listens on a port; read from /proc, so Linux only. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Resident bytes of these processes and of all their descendants; undefined where there is no /proc. */
export function residentBytes(pids) {
  let sum = 0;
  for (const pid of withDescendants(pids)) {
    const status = readOr(`/proc/${pid}/status`, undefined);
    if (status === undefined) return undefined;
    sum += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  }
  return sum;
}

const LOOK_EVERY_MS = 50;

/** Runs `work` and looks now and then: `{ result, beforeBytes, peakBytes }`, resident, the latter two undefined where nobody counts. */
export async function withPeakMemory(pids, work) {
  const beforeBytes = pids.length === 0 ? undefined : residentBytes(pids);
  let peakBytes = beforeBytes;
  const timer = setInterval(() => {
    const nowBytes = residentBytes(pids);
    if (peakBytes !== undefined && nowBytes !== undefined) peakBytes = Math.max(peakBytes, nowBytes);
  }, LOOK_EVERY_MS);
  try {
    return { result: await work(), beforeBytes, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

/** Fields of /proc/PID/stat after the name, which may hold spaces: time spent in the program, and in the kernel for it. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
/** What Linux counts in, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Processor time that these processes and their descendants have used so far, all threads; undefined without a process or /proc. */
function cpuSeconds(pids) {
  const stats = withDescendants(pids).map((pid) => readOr(`/proc/${pid}/stat`, undefined));
  if (stats.length === 0 || stats.includes(undefined)) return undefined;
  const ticks = stats.map((stat) => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  });
  return ticks.reduce((sum, count) => sum + count, 0) / TICKS_PER_SECOND;
}

/** Runs `work` and adds up what these processes spend meanwhile: `{ result, seconds }`, the latter undefined where nobody counts. */
export async function withCpuTime(pids, work) {
  const before = cpuSeconds(pids);
  const result = await work();
  const after = cpuSeconds(pids);
  return { result, seconds: before === undefined || after === undefined ? undefined : after - before };
}

function withDescendants(pids) {
  return pids.flatMap((pid) => {
    const children = readOr(`/proc/${pid}/task/${pid}/children`, '').split(' ').filter(Boolean).map(Number);
    return [pid, ...withDescendants(children)];
  });
}

/** The process that listens on this port of this machine; undefined if it is not here, or not ours to see. */
export function pidListeningOn(port) {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const listening = new RegExp(`^\\s*\\d+: [0-9A-F]+:${hexPort} [0-9A-F]+:0000 0A (?:\\S+ +){5}(\\d+)`, 'm');
  const table = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => listening.exec(readOr(path, ''))?.[1]);
  const inode = table.find((found) => found !== undefined);
  return inode === undefined ? undefined : ownerOf(`socket:[${inode}]`);
}

function ownerOf(socket) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => linksOf(`/proc/${pid}/fd`).includes(socket));
  return found === undefined ? undefined : Number(found);
}

/** What the descriptors of a process are; none of a process that is gone or is not ours. */
function linksOf(folder) {
  try {
    return readdirSync(folder).map((name) => linkOr(`${folder}/${name}`, ''));
  } catch {
    return [];
  }
}

function linkOr(path, otherwise) {
  try {
    return readlinkSync(path);
  } catch {
    return otherwise;
  }
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
