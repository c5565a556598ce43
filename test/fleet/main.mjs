/**
 * `npm run bench:fleet`: what a fleet costs and how quick it is, with real agents in network namespaces and etcd on three hosts, as root. `--agents 1,5` names other sizes, `--starts` how
 * many faults are begun on each. `--offline 60` cuts one host off from the orchestrator for so many seconds instead and counts what arrives of what it observed. `--simulate` reckons with
 * a thousand and ten thousand hosts, `--unit-costs` prints what the simulation reckons with.
 */
import { parseArgs } from 'node:util';
import { residentBytes, withCpuTime } from '../bench/proc.mjs';
import { measureOffline } from './offline.mjs';
import { FleetRig } from './rig.mjs';
import { simulated } from './simulate.mjs';
import { measureUnitCosts } from './unit-costs.mjs';

const WINDOW_MS = 5_000;
/** By size, the most where there is a target to be met; all sizes together take five minutes on two cores of their own. */
const STARTS = new Map([
  [1, 10],
  [20, 50],
]);
const STARTS_OTHERWISE = 20;
const MIB = 1024 * 1024;
const REQUESTS = 'grpc_server_handled_total';

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const whole = (ms) => `${Math.round(ms)} ms`;

function printTable([head, ...rows]) {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

/** The value that this share of them does not exceed; with few of them the greatest. */
function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** One short fault on all hosts after the other, and at last a long one, to be taken back. */
function planOf(rig, starts) {
  const abort = (duration) => ({ type: 'abort', target: { from: 'client', to: 'web' }, value: { status: 503 }, duration });
  const short = Array.from({ length: starts }, (_, i) => ({
    name: `s${i + 1}`,
    fault: abort('100ms'),
    ...(i > 0 && { startAfter: `s${i}` }),
  }));
  return {
    apiVersion: 'faultlab/v1',
    kind: 'Experiment',
    metadata: { name: 'bench-fleet' },
    seed: 1,
    report: { formats: [] },
    steadyState: { baseline: '2s', settle: '1s' },
    stopConditions: ['none'],
    topology: rig.topology({ lease: '10s', onAgentLoss: 'continue' }),
    method: [...short, { name: 'last', startAfter: `s${starts}`, fault: abort('120s') }],
  };
}

async function requestsOf({ etcd }) {
  const figures = await Promise.all(etcd.endpoints.map((_, member) => etcd.figures(member)));
  return figures.reduce((sum, of) => sum + (of.get(REQUESTS) ?? 0), 0);
}

/** For a while: share of a processor that these take, and what etcd is asked. */
async function watched(rig, pids) {
  const [before, sinceMs] = [await requestsOf(rig), nowMs()];
  const { seconds } = await withCpuTime(pids, () => sleep(WINDOW_MS));
  const perSecond = ((await requestsOf(rig)) - before) / ((nowMs() - sinceMs) / 1e3);
  return { share: seconds / (WINDOW_MS / 1e3), perSecond };
}

function pidsOf({ agents }) {
  return [...agents.values()].flatMap(({ pid }) => pid ?? []);
}

/** Of each start, from the journal: how long until it was on everywhere, and how far apart it began. */
function startsOf(run, size) {
  const events = run.lines.map((line) => JSON.parse(line));
  const intended = new Map(events.flatMap((event) => (event.type === 'faultIntended' ? [[event.fault, event.atMs]] : [])));
  const began = events.flatMap(({ type, text = '', fault, atMs }) => {
    const [, id, hosts, skewMs] = /^(\S+) began on (\d+) hosts within ([\d.]+) ms/.exec(type === 'note' ? text : '') ?? [];
    if (id !== undefined) return [{ id, hosts: Number(hosts), skewMs: Number(skewMs), atMs }];
    return size === 1 && type === 'faultApplied' ? [{ id: fault, hosts: 1, skewMs: 0, atMs }] : [];
  });
  return began.filter(({ hosts }) => hosts === size).map(({ id, skewMs, atMs }) => ({ skewMs, tookMs: atMs - intended.get(id) }));
}

async function measure(rig, { starts, readyMs }) {
  const size = rig.names.length;
  const idle = await watched(rig, pidsOf(rig));
  const agentBytes = residentBytes(pidsOf(rig)) / size;
  const caller = rig.call(40);
  const run = rig.run(planOf(rig, starts));
  await run.line((line) => line.includes('"faultApplied"') && line.includes('"last"'), 60_000 + starts * 5_000);
  const busy = await watched(rig, [run.pid]);
  const memory = residentBytes([run.pid]);
  const begun = startsOf(run, size);
  const endedMs = nowMs();
  run.signal('SIGTERM');
  await run.exited;
  const faulted = caller.lines.map((line) => line.split(' ')).filter(([atMs, , status]) => status === '503' && Number(atMs) > endedMs);
  const lastMs = Number(faulted.at(-1)?.[0] ?? endedMs);
  const of = (key, share) =>
    percentile(
      begun.map((start) => start[key]),
      share,
    );
  return [
    size,
    whole(readyMs),
    begun.length,
    `${whole(of('tookMs', 0.5))}, ${whole(of('tookMs', 0.99))}`,
    size === 1 ? '–' : `${of('skewMs', 0.5).toFixed(1)} ms, ${of('skewMs', 0.99).toFixed(1)} ms`,
    whole(lastMs - endedMs),
    `${(busy.share * 100).toFixed(0)} %`,
    `${Math.round(memory / MIB)} MiB`,
    `${idle.perSecond.toFixed(0)}, ${busy.perSecond.toFixed(0)}`,
    `${((idle.share / size) * 100).toFixed(2)} %`,
    `${Math.round(agentBytes / MIB)} MiB`,
  ];
}

const HEAD = [
  'agents',
  'all ready after',
  'starts',
  'known to be on everywhere after (p50, p99)',
  'start skew, all hosts (p50, p99)',
  'off everywhere after',
  'orchestrator’s processor',
  'its memory',
  'etcd requests/s (idle, in a run)',
  'an idle agent’s processor',
  'an agent’s memory',
];

async function measureAll(sizes, starts) {
  const rows = [];
  for (const size of sizes) {
    const fromMs = nowMs();
    const rig = await FleetRig.start(size);
    try {
      const count = starts ?? STARTS.get(size) ?? STARTS_OTHERWISE;
      rows.push(await measure(rig, { starts: count, readyMs: nowMs() - fromMs }));
      console.error(rows.at(-1).join(' | '));
    } finally {
      await rig[Symbol.asyncDispose]();
    }
  }
  return [HEAD, ...rows];
}

const { values } = parseArgs({
  options: {
    simulate: { type: 'boolean' },
    'unit-costs': { type: 'boolean' },
    offline: { type: 'string' },
    agents: { type: 'string', default: '1,5,20,50' },
    starts: { type: 'string' },
  },
});
if (values['unit-costs']) console.log(JSON.stringify(await measureUnitCosts(), null, 2));
else if (values.offline !== undefined) printTable(await measureOffline(Number(values.offline)));
else
  printTable(
    values.simulate ? simulated() : await measureAll(values.agents.split(',').map(Number), values.starts && Number(values.starts)),
  );
