/**
 * A log → the journal of a run that never was: requests of whoever asked, and nothing else. What a reader gets wrong: there is no baseline in it and
 * no fault, so only promises about requests as such can be judged; `plan.log` tells the checks so.
 */
import { basename } from 'node:path';
import type { JournalEvent, RecordedCheck, RecordedPlan } from '../../journal/events.js';
import { LOAD } from '../../journal/observations.js';
import { Names } from '../names.js';
import type { LoggedRequest, RequestLog } from './logged-request.js';

/** How a server is called that the log does not name. */
const UNNAMED = 'server';

/** nginx: the client has left before it was answered. */
const CLIENT_LEFT = 499;

interface LogRun {
  file: string;
  checks: readonly RecordedCheck[];
}

/** Times count from the first request on. */
export function* journalOfLog({ requests }: RequestLog, { file, checks }: LogRun): Generator<JournalEvent> {
  const names = new Names();
  const services = new Map([...new Set(requests.map(({ host }) => host))].map((host) => [host, names.fresh(host === '' ? UNNAMED : host)]));
  const first = requests[0]?.atMs ?? 0;
  const hasTimes = requests.every(({ tookMs }) => tookMs !== null);
  const plan = planOf({ file, checks, services: [...services.values()], hasTimes });
  yield { n: 1, atMs: 0, type: 'runStarted', run: 'log', epoch: 0, version: 'unknown', wallMs: first, plan };
  let lastMs = 0;
  for (const [i, request] of requests.entries()) {
    const startMs = request.atMs - first;
    const endMs = startMs + (request.tookMs ?? 0);
    lastMs = Math.max(lastMs, endMs);
    const to = services.get(request.host) ?? UNNAMED;
    yield { n: i + 2, atMs: endMs, type: 'exchange', link: `${LOAD}->${to}`, from: LOAD, to, ...seenOf(request, i + 1), startMs, endMs };
  }
  const ended = { status: 'completed', steadyState: 'unchecked', cleanup: 'confirmed' } as const;
  // What began with its last instant, or within its last second, belongs to it as well.
  yield { n: requests.length + 2, atMs: lastMs + (hasTimes ? 1 : 1_000), type: 'runEnded', ...ended };
}

function seenOf({ method, path, status, tokens }: LoggedRequest, ordinal: number) {
  const end = status === 0 ? 'upstreamClosed' : status === CLIENT_LEFT ? 'clientClosed' : 'complete';
  const token = tokens?.['x-request-id'];
  return {
    // Logs do not tell connections apart.
    connection: 1,
    ordinal,
    method,
    path,
    bytesUp: 0,
    bytesDown: 0,
    end,
    ...(status > 0 && { status }),
    ...(tokens !== undefined && { tokens }),
    ...(token !== undefined && { token }),
  } as const;
}

function planOf({ file, checks, services, hasTimes }: LogRun & { services: readonly string[]; hasTimes: boolean }): RecordedPlan {
  return {
    title: `requests of ${basename(file)}`,
    file,
    environment: 'log',
    seed: 0,
    inputs: {},
    log: { hasTimes },
    services: services.map((name) => ({ name, instances: [name], probePaths: [] })),
    links: services.map((name) => ({
      name: `${LOAD}->${name}`,
      from: LOAD,
      to: name,
      fromService: LOAD,
      toService: name,
      protocol: 'http',
    })),
    probes: [],
    steps: [],
    checks,
  };
}
