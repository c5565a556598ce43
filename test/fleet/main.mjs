/**
 * `npm run bench:fleet`: what a fleet costs and how quick it is, with real agents in network namespaces and etcd on three hosts, as root. `--simulate` reckons with a thousand and
 * ten thousand hosts instead, `--unit-costs` prints what the simulation reckons with, `--agents 1,5` names other sizes.
 */
import { parseArgs } from 'node:util';
import { residentBytes, withCpuTime } from '../bench/proc.mjs';
import { FleetRig } from './rig.mjs';
import { simulated } from './simulate.mjs';
import { measureUnitCosts } from './unit-costs.mjs';

const WINDOW_MS = 5_000;
const MIB = 1024 * 1024;
const REQUESTS = 'grpc_server_handled_total';

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function printTable([head, ...rows]) {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}

function planOf(rig) {
  return {
    apiVersion: 'faultlab/v1',
    kind: 'Experiment',
    metadata: { name: 'bench-fleet' },
    seed: 1,
    report: { formats: [] },
    steadyState: { baseline: '2s', settle: '1s' },
    topology: rig.topology({ lease: '10s' }),
    method: [{ name: 'all', fault: { type: 'abort', target: { from: 'client', to: 'web' }, value: { status: 503 }, duration: '60s' } }],
  };
}

async function requestsOf({ etcd }) {
  const figures = await Promise.all(etcd.endpoints.map((_, member) => etcd.figures(member)));
  return figures.reduce((sum, of) => sum + (of.get(REQUESTS) ?? 0), 0);
}

async function measure(rig) {
  const caller = rig.call(40);
  const run = rig.run(planOf(rig));
  const at = async (type) => JSON.parse(await run.line((line) => line.includes(`"type":"${type}"`), 120_000)).atMs;
  const intendedMs = await at('faultIntended');
  const told = JSON.parse(
    await run.line((line) => line.includes('began on') || (rig.names.length === 1 && line.includes('"faultApplied"')), 60_000),
  );
  const [before, sinceMs] = [await requestsOf(rig), nowMs()];
  const { seconds } = await withCpuTime([run.pid], () => sleep(WINDOW_MS));
  const perSecond = ((await requestsOf(rig)) - before) / ((nowMs() - sinceMs) / 1e3);
  const memory = residentBytes([run.pid]);
  const endedMs = nowMs();
  run.signal('SIGTERM');
  await run.exited;
  const faulted = caller.lines.map((line) => line.split(' ')).filter(([atMs, , status]) => status === '503' && Number(atMs) > endedMs);
  const lastMs = Number(faulted.at(-1)?.[0] ?? endedMs);
  const skewMs = /within ([\d.]+) ms/.exec(told.text ?? '')?.[1] ?? '–';
  const figures = [told.atMs - intendedMs, lastMs - endedMs].map((ms) => `${Math.round(ms)} ms`);
  return [
    rig.names.length,
    ...figures,
    `${skewMs} ms`,
    `${((seconds / (WINDOW_MS / 1e3)) * 100).toFixed(0)} %`,
    `${Math.round(memory / MIB)} MiB`,
    perSecond.toFixed(0),
  ];
}

async function measureAll(sizes) {
  const rows = [];
  for (const size of sizes) {
    const rig = await FleetRig.start(size);
    try {
      rows.push(await measure(rig));
    } finally {
      await rig[Symbol.asyncDispose]();
    }
  }
  return [
    [
      'agents',
      'on everywhere after',
      'off everywhere after',
      'start skew, all hosts',
      'orchestrator’s processor',
      'its memory',
      'etcd requests/s',
    ],
    ...rows,
  ];
}

const { values } = parseArgs({
  options: { simulate: { type: 'boolean' }, 'unit-costs': { type: 'boolean' }, agents: { type: 'string', default: '1,5,20,50' } },
});
if (values['unit-costs']) console.log(JSON.stringify(await measureUnitCosts(), null, 2));
else printTable(values.simulate ? simulated() : await measureAll(values.agents.split(',').map(Number)));
