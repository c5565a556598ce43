/** Writes the journal of a run in the shop: three faults, one after the other, every check of the catalog, and as many exchanges as asked for. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { SERVICES, Shop } from './shop.mjs';

/** Less, and the faults of a short journal would be over before anybody notices; a longer one takes longer. */
const LENGTH_MIN_MS = 120_000;
const RATE_MAX = 1_000;
/** Load requests and what they lead to, on average. */
const OBSERVATIONS_PER_REQUEST = 1.96;
const HEALTH_EVERY_MS = 2_000;
const WRITE_CHARACTERS = 1 << 20;
/** As on a machine that has been up for a while: clocks do not begin at zero. */
const EPOCH_MS = 31_464_942.267321;

/** As a plan records it of a fault that answers in the callee's place. */
const ON_REQUESTS = { phases: ['up'] };
/** Shares of the run's length. */
const ACTS = [
  {
    step: 'one-host-goes-gray',
    from: 0.15,
    to: 0.3,
    kind: 'abort',
    performs: 'abort',
    instance: 'inventory-3',
    share: 0.4,
    turn: ON_REQUESTS,
  },
  { step: 'payments-down', from: 0.4, to: 0.55, kind: 'abort', performs: 'abort', instance: 'payments-1', share: 1, turn: ON_REQUESTS },
  { step: 'host-cut-off', from: 0.65, to: 0.8, kind: 'partition', performs: 'blackhole', instance: 'inventory-5', share: 1 },
];
const BASELINE_ENDS = 0.15;
const METHOD_ENDS = 0.9;

/** What each check of the catalog is asked here; of the others, the journal has nothing. */
const PROMISES = {
  backpressure: { to: 'gateway', below: 'payments', during: 'payments-down', heldMax: 2_000, within: '3s' },
  bulkhead: { from: 'load', to: 'gateway', route: 'stock', during: 'payments-down', margin: 1, p95RatioMax: 1.5 },
  circuitBreaker: { from: 'gateway', to: 'payments', during: 'payments-down', opensWithin: '4s', leaksMax: 1, closesAfterHealWithin: '5s' },
  differential: { from: 'gateway', to: 'inventory', during: 'one-host-goes-gray', maxDisagreement: '10s' },
  duplicates: { at: 'payments', key: { header: 'idempotency-key' }, during: 'payments-down', max: 0 },
  errorRatio: { from: 'load', to: 'gateway', during: 'one-host-goes-gray', max: 5 },
  failover: { from: 'load', to: 'gateway', during: 'host-cut-off', within: '15s', maxUnavailable: '20s' },
  fallback: { from: 'gateway', to: 'payments', during: 'payments-down', status: [202], min: 99, within: '300ms' },
  faultWasFelt: { step: 'one-host-goes-gray', minMatched: 10 },
  fencing: { at: 'payments', token: { header: 'x-epoch' }, overlap: 'none' },
  hedging: { from: 'gateway', to: 'inventory', during: 'host-cut-off', delay: { min: '50ms', max: '150ms' } },
  latency: { from: 'load', to: 'gateway', during: 'one-host-goes-gray', metric: 'p99', max: '500ms' },
  loadShedding: { to: 'gateway', slo: '500ms', goodputKept: 90, rejectsWithin: '50ms', during: 'host-cut-off' },
  metastability: { after: 'host-cut-off', to: 'gateway', within: '15s' },
  outlierEjection: { from: 'gateway', to: 'inventory', during: 'host-cut-off', detectWithin: '6s', returnsWithin: '15s' },
  recovery: { after: 'host-cut-off', from: 'load', to: 'gateway', metric: 'successRate', value: 99, within: '8s' },
  retry: { from: 'gateway', to: 'inventory', during: 'one-host-goes-gray', maxAttempts: 3, amplification: { max: 1.3 } },
  slo: { from: 'load', to: 'gateway', objective: 99, within: '300ms', burnRate: { max: 20, window: '5s' } },
  steadyState: { probes: ['shop-answers'] },
  throughput: { from: 'load', to: 'gateway', during: 'payments-down', min: '1/s' },
  timeout: { from: 'gateway', to: 'inventory', during: 'host-cut-off', perAttempt: '500ms', cancels: true },
};

function planOf({ ratePerSecond, acts, checks }) {
  const links = SERVICES.slice(1).flatMap(({ name, instances }) =>
    instances.map((to) => ({ name: `gateway-1->${to}`, from: 'gateway-1', fromService: 'gateway', to, toService: name, protocol: 'http' })),
  );
  return {
    title: 'judging',
    file: 'judging.yaml',
    environment: 'local',
    seed: 7,
    inputs: {},
    services: SERVICES,
    links,
    load: {
      service: 'gateway',
      summary: `${ratePerSecond.toFixed(0)} requests/s`,
      routes: [
        { name: 'stock', method: 'GET', weight: 2 },
        { name: 'pay', method: 'POST', weight: 1 },
      ],
    },
    probes: [{ name: 'shop-answers', type: 'wire', mode: 'continuous', expectation: 'successRate >= 80' }],
    steps: acts.map(({ step, kind, performs, instance, fromMs, toMs, turn }, i) => ({
      name: step,
      kind: 'fault',
      startAfter: acts.slice(Math.max(0, i - 1), i).map((act) => act.step),
      summary: kind,
      fault: {
        type: kind,
        performs,
        ...turn,
        links: [`gateway-1->${instance}`],
        instances: [instance],
        durationMs: toMs - fromMs,
        minMatched: 10,
        summary: kind,
      },
    })),
    checks,
  };
}

/** Numbers lines and hands them to the file in large pieces. */
class Journal {
  #file;
  #lines = [];
  #characters = 0;
  n = 0;

  constructor(path) {
    this.#file = openSync(path, 'w');
  }

  tell(atMs, event) {
    this.n += 1;
    const line = `${JSON.stringify({ n: this.n, atMs, ...event })}\n`;
    this.#lines.push(line);
    this.#characters += line.length;
    if (this.#characters > WRITE_CHARACTERS) this.#flush();
  }

  close() {
    this.#flush();
    closeSync(this.#file);
  }

  #flush() {
    writeSync(this.#file, this.#lines.join(''));
    this.#lines = [];
    this.#characters = 0;
  }
}

function phase(name, fromMs, toMs) {
  return [
    [fromMs, { type: 'phaseStarted', phase: name }],
    [toMs, { type: 'phaseEnded', phase: name }],
  ];
}

/** What is no traffic, with its instants, in order. A fault's counts are known when it has ended. */
function controlOf({ acts, at, counts }) {
  const ofFaults = acts.flatMap(({ step, performs, instance, fromMs, toMs }) => {
    const fault = `judging/${step}`;
    return [
      [fromMs, { type: 'stepStarted', step }],
      [fromMs, { type: 'faultIntended', fault, step, links: [`gateway-1->${instance}`], performs }],
      [fromMs, { type: 'faultApplied', fault, step, isOn: true, percentage: 100 }],
      [toMs, () => ({ type: 'faultEnded', fault, step, reason: 'duration', ...counts(fault) })],
      [toMs, { type: 'stepEnded', step, outcome: 'completed' }],
    ];
  });
  const phases = [
    ...phase('baseline', at(0), at(BASELINE_ENDS)),
    ...phase('method', at(BASELINE_ENDS), at(METHOD_ENDS)),
    ...phase('settle', at(METHOD_ENDS), at(1)),
  ];
  const probes = Array.from({ length: 100 }, (_, i) => {
    const phase = i < 100 * BASELINE_ENDS ? 'baseline' : i < 100 * METHOD_ENDS ? 'method' : 'settle';
    return [
      at((i + 0.5) / 100),
      { type: 'probeResult', probe: 'shop-answers', phase, met: true, value: 99, detail: 'successRate 99 over 5 s' },
    ];
  });
  return [...phases, ...ofFaults, ...probes].sort(([a], [b]) => a - b);
}

function checksOf(catalog) {
  return Object.entries(PROMISES).map(([name, params]) => ({
    name,
    check: name,
    severity: 'fail',
    params: catalog.get(name).schema.parse(params),
  }));
}

/** Writes `observations` exchanges, and with them what makes a run of them. `catalog`: the checks of the build that is measured. */
export function writeJournal({ path, observations, ids, catalog }) {
  const requests = Math.round(observations / OBSERVATIONS_PER_REQUEST);
  const ratePerSecond = Math.min(RATE_MAX, (1_000 * requests) / LENGTH_MIN_MS);
  const lengthMs = (1_000 * requests) / ratePerSecond;
  const at = (share) => EPOCH_MS + share * lengthMs;
  const acts = ACTS.map((act) => ({ ...act, fromMs: at(act.from), toMs: at(act.to) }));
  const faultOn = (instance, atMs) => {
    const act = acts.find((one) => one.instance === instance && atMs >= one.fromMs && atMs < one.toMs);
    return act === undefined ? undefined : { id: `judging/${act.step}`, share: act.share, kind: act.kind };
  };
  const shop = new Shop({ faultOn, ids });
  const counts = (fault) => {
    const { matched = 0, applied = 0 } = shop.counts.get(fault) ?? {};
    return { matched, applied, skipped: matched - applied };
  };
  const journal = new Journal(path);
  const plan = planOf({ ratePerSecond, acts, checks: checksOf(catalog) });
  journal.tell(EPOCH_MS, { type: 'runStarted', run: 'judging', epoch: 1, version: '0', wallMs: 0, plan });
  const control = controlOf({ acts, at, counts });
  let healthMs = EPOCH_MS;
  for (let left = observations, atMs = EPOCH_MS; left > 0; atMs += 1_000 / ratePerSecond) {
    for (; (control[0]?.[0] ?? Number.POSITIVE_INFINITY) <= atMs; control.shift()) tellControl(journal, control[0]);
    const ended = shop.request(atMs);
    if (atMs >= healthMs) {
      ended.push(...shop.healthChecks(atMs));
      healthMs += HEALTH_EVERY_MS;
    }
    for (const exchange of ended.slice(0, left)) journal.tell(exchange.endMs, exchange);
    left -= ended.length;
  }
  for (const one of control) tellControl(journal, one);
  journal.tell(at(1), { type: 'healConfirmed', tookMs: 5 });
  journal.tell(at(1), { type: 'runEnded', status: 'completed', steadyState: 'met', cleanup: 'confirmed' });
  journal.close();
}

function tellControl(journal, [atMs, event]) {
  journal.tell(atMs, typeof event === 'function' ? event() : event);
}
