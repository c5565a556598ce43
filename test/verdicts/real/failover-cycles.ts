/**
 * Cycles of a real cluster that loses its leader: all links to it are reset, and somebody else takes over. Beside the client that finds the new
 * leader stands one that knows only the old one, which must be found out; and at the end a fault on links that nobody uses. The truth is what the
 * cluster says of who leads, and the client's own log of every answer.
 */
import { hostClock, sleep } from '../../../src/core/clock.js';
import type { RunRecord } from '../../../src/journal/record.js';
import { failover } from '../../../src/verify/checks/failover.js';
import type { HistoryFault } from '../../support/histories.js';
import type { Cell, CycleOutcome, RealProduct } from '../product.js';
import type { CallerProgram, Said } from './caller-program.js';
import { type Callee, Stage } from './stage.js';

/** Servers of which one leads. */
export interface Cluster extends AsyncDisposable {
  leader(): string;
  /** A client that finds whoever leads; it says `ok` or `failed` of every request, with its token. */
  follow(onSaid: (said: Said) => void): Promise<CallerProgram>;
  /** One that knows only this server, on links of its own. */
  cling(instance: string): Promise<CallerProgram>;
  /** Makes a follower of one who has lost the lead. */
  rejoin(instance: string): Promise<void>;
}

export interface Gathering {
  /** Where each server really listens; its links may be cut. */
  ports: ReadonlyMap<string, number>;
  /** Whose links the cluster and its client use, and whose the client that clings. */
  callers: typeof CALLERS;
  /** To be called when it says that somebody else leads. */
  onLeader(instance: string, atMs: number): void;
}

export interface Founders {
  start(server: string): Promise<Callee>;
  gather(stage: Stage, given: Gathering): Promise<Cluster>;
}

export interface RealFailoverProduct {
  name: string;
  summary: string;
  missing(): string | undefined;
  servers: readonly string[];
  /** Of a new cluster: its servers are started in their order, then links to them, then it is gathered. */
  founders(): Founders;
  withinMs: number;
  faultMs: number;
}

const CALLERS = { good: 'gateway-1', bad: 'gateway-2' } as const;
/** Nobody calls it. */
const SPARE = 'payments-1';
const NOBODY: Callee = { port: 9, [Symbol.asyncDispose]: async () => {} };
const RATE = 50;
const BASELINE_MS = 1_500;
const CALM_MS = 1_500;
/** Half of the window in which it is taken, and a step: by so much the time of a failover may be wrong. */
const RESOLUTION_MS = 750;

type Fault = HistoryFault & { toMs: number };
interface Answered {
  isGood: boolean;
  atMs: number;
}
interface Played {
  product: RealFailoverProduct;
  faults: readonly Fault[];
  unfelt: Fault;
  leaders: readonly { instance: string; atMs: number }[];
  answers: readonly Answered[];
}

export function realFailover(product: RealFailoverProduct): RealProduct {
  return {
    name: product.name,
    summary: product.summary,
    kind: 'failover',
    // Each end of an outage is known to the time between two requests.
    errorsMax: { 'time to fail over': RESOLUTION_MS, outage: 2_000 / RATE + 10 },
    missing: product.missing,
    play: (cycles) => playCycles(product, cycles),
  };
}

async function playCycles(product: RealFailoverProduct, cycles: number): Promise<CycleOutcome[]> {
  const ports = new Map<string, number>();
  const founders = product.founders();
  const callee = async (name: string): Promise<Callee> => {
    const started = name === SPARE ? NOBODY : await founders.start(name);
    ports.set(name, started.port);
    return started;
  };
  const callees = [...product.servers, SPARE];
  await using stage = await Stage.open({ callers: Object.values(CALLERS), callees, protocol: 'tcp', callee });
  const leaders: { instance: string; atMs: number }[] = [];
  const answers: Answered[] = [];
  const onLeader = (instance: string, atMs: number): unknown => leaders.push({ instance, atMs });
  await using cluster = await founders.gather(stage, { ports, callers: CALLERS, onLeader });
  await using good = await cluster.follow(({ says, atMs }) => answers.push({ isGood: says === 'ok', atMs }));
  let bad = await cluster.cling(cluster.leader());
  try {
    stage.load(CALLERS.good, { ratePerSecond: RATE, ask: good.ask });
    stage.load(CALLERS.bad, { ratePerSecond: RATE, ask: (token) => bad.ask(token) });
    await stage.baseline(BASELINE_MS);
    const faults: Fault[] = [];
    for (let cycle = 0; cycle < cycles; cycle++) {
      const lost = cluster.leader();
      faults.push(await stage.fault(`leader-lost-${cycle}`, { callees: [lost], lengthMs: product.faultMs, type: 'reset' }));
      if (cluster.leader() !== lost) await cluster.rejoin(lost);
      await bad[Symbol.asyncDispose]();
      bad = await cluster.cling(cluster.leader());
      await sleep(hostClock, CALM_MS + 37 * (cycle % 11));
    }
    const unfelt = await stage.fault('unfelt', { callees: [SPARE], lengthMs: CALM_MS, type: 'reset' });
    await stage.endLoads();
    return judgeAll(stage, { product, faults, unfelt, leaders, answers });
  } finally {
    await stage.endLoads();
    await bad[Symbol.asyncDispose]();
  }
}

function judgeAll(stage: Stage, played: Played): CycleOutcome[] {
  const { faults, unfelt, product } = played;
  const records = { good: stage.record([CALLERS.good]), bad: stage.record([CALLERS.bad]) };
  const judge = (cell: Cell, record: RunRecord, fault: Fault): CycleOutcome => ({
    ...judged(product, record, fault),
    cell,
    isUnlucky: false,
    errors: {},
    exact: {},
  });
  return [
    ...faults.map((fault) => ({ ...judge('good', records.good, fault), ...compare(played, records.good, fault) })),
    ...faults.map((fault) => judge('bad', records.bad, fault)),
    judge('idle', records.good, unfelt),
    judge('idle', records.bad, unfelt),
  ];
}

function judged({ withinMs }: RealFailoverProduct, record: RunRecord, { step }: Fault) {
  const limits = { within: `${withinMs}ms`, maxUnavailable: `${withinMs}ms` };
  const params = failover.schema.parse({ from: 'load', to: 'gateway', during: step, ...limits });
  const { verdict, summary, measurements } = failover.evaluate(params, record);
  return { verdict, summary: `${step}: ${summary}`, measurements };
}

/** One cycle beside what the cluster and its client say: who led when, and the answers before and after the failures. */
function compare({ product, leaders, answers }: Played, record: RunRecord, fault: Fault) {
  const inOrder = answers.toSorted((a, b) => a.atMs - b.atMs);
  const during = inOrder.filter(({ atMs }) => atMs >= fault.fromMs && atMs < fault.toMs);
  const tookOverMs = leaders.find(({ atMs }) => atMs >= fault.fromMs && atMs < fault.toMs)?.atMs ?? Number.POSITIVE_INFINITY;
  const after = during.find(({ isGood, atMs }) => isGood && atMs >= tookOverMs);
  const isLate = (after?.atMs ?? Number.POSITIVE_INFINITY) - fault.fromMs > product.withinMs - RESOLUTION_MS;
  const { measurements } = judged(product, record, fault);
  const found = measurements.find(({ name }) => name === 'failover after')?.value;
  const outage = measurements.find(({ name }) => name === 'longest time without a success')?.interval;
  if (after === undefined) return { isUnlucky: isLate };
  return {
    isUnlucky: isLate,
    errors: {
      ...(typeof found === 'number' && { 'time to fail over': [Math.abs(fault.fromMs + found - after.atMs)] }),
      ...(outage !== undefined && { outage: [Math.abs(outage[1] - longestAwayMs(during))] }),
    },
  };
}

/**
 * From one good answer to the next with failures in between, by when the client began: who begins before anybody leads, waits and is answered after all has not met
 * the outage.
 */
function longestAwayMs(inOrder: readonly Answered[]): number {
  let [longestMs, beforeMs, hasFailed] = [0, inOrder[0]?.atMs ?? 0, false];
  for (const { isGood, atMs } of inOrder) {
    if (isGood && hasFailed) longestMs = Math.max(longestMs, atMs - beforeMs);
    if (isGood) beforeMs = atMs;
    hasFailed = !isGood;
  }
  return longestMs;
}
