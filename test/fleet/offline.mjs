/**
 * One of three hosts is cut off from the orchestrator for a while, with a fault that ends meanwhile; etcd it still reaches. Whoever calls it is beside it, and says how many requests there
 * were: each has to be in the journal in the end, or be counted as lost.
 */
import { FleetRig } from './rig.mjs';

const RATE = 50;
const HOST = 'host-1';
/** What is under way when the run begins and ends is left out. */
const EDGE_MS = 1_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function planOf(rig, seconds) {
  const fault = {
    type: 'abort',
    target: { from: 'client', to: 'web' },
    value: { status: 503 },
    percentage: 20,
    duration: `${Math.ceil(seconds / 2)}s`,
  };
  return {
    apiVersion: 'faultlab/v1',
    kind: 'Experiment',
    metadata: { name: 'offline' },
    seed: 1,
    report: { formats: [] },
    steadyState: { baseline: '2s', settle: '1s' },
    stopConditions: ['none'],
    topology: rig.topology({ lease: '10s' }),
    method: [
      { name: 'gray', fault },
      { name: 'rest', startAfter: 'gray', wait: `${seconds}s` },
    ],
    verify: [{ errorRatio: { from: 'client', to: 'web', during: 'gray', max: 40, minDemand: 20 } }],
  };
}

/** What came of it: requests that callers beside the host had answered, those that are in the journal, and what the run says is missing. */
export async function cutOffFor(rig, seconds, agentWords = []) {
  if (agentWords.length > 0) await rig.restartAgent(HOST, agentWords);
  const host = rig.world.host(HOST);
  const caller = rig.callFrom(host, RATE, rig.links.slice(0, 1));
  const run = rig.run(planOf(rig, seconds));
  await run.line((line) => line.includes('"faultApplied"'), 120_000);
  const before = caller.lines.length;
  await rig.world.cutFromHub(HOST);
  await sleep(seconds * 1e3);
  const meanwhile = caller.lines.length - before;
  await rig.world.rejoinHub(HOST);
  const { code } = await run.exited;
  const events = await rig.journal();
  const atOf = (type) => events.filter((event) => event.type === type).map(({ atMs }) => atMs);
  // Both ends of a request that began in the middle of the run are known to both.
  const [fromMs, toMs] = [atOf('phaseStarted')[0] + EDGE_MS, atOf('phaseEnded').at(-1) - EDGE_MS];
  const ends = events.flatMap((event) => (event.type === 'exchange' && event.to === 'web-1' ? [event.endMs] : []));
  const answers = caller.lines.map((line) => line.split(' ')).flatMap(([atMs, , status]) => (status === '0' ? [] : [Number(atMs)]));
  const countOf = (times) => times.filter((ms) => ms > fromMs && ms < toMs).length;
  const lost = events.reduce((sum, { type, count }) => sum + (type === 'observationsLost' ? count : 0), 0);
  const report = JSON.parse(run.lines.at(-1));
  const verdicts = report.findings.map(({ verdict }) => verdict);
  return { code, meanwhile, answered: countOf(answers), known: countOf(ends), lost, verdicts };
}

/** Rows of a Markdown table. */
export async function measureOffline(seconds) {
  const rows = [];
  for (const [name, words] of [
    ['512 MiB, as it is', []],
    ['16 KiB', ['--keep', '16KiB']],
  ]) {
    const rig = await FleetRig.start(3);
    try {
      const { code, meanwhile, answered, known, lost, verdicts } = await cutOffFor(rig, seconds, words);
      rows.push([name, `${seconds} s`, meanwhile, answered, known, lost, `${verdicts.join(', ')} (${code})`]);
    } finally {
      await rig[Symbol.asyncDispose]();
    }
  }
  return [
    [
      'room on the host',
      'cut off for',
      'requests meanwhile',
      'answered in all',
      'in the journal',
      'counted as lost',
      'verdicts (exit code)',
    ],
    ...rows,
  ];
}
