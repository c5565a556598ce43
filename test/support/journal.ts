/**
 * A journal as the gray-failure game day would write it, made up second by second without a process or a socket. The gateway in it really
 * ejects and really breaks the circuit (by a much simpler rule than the sample's), so the pictures drawn from it have true shapes. Same options,
 * same events.
 */

import { drawStream, keyedDraw } from '../../src/core/random.js';
import { formatMs } from '../../src/core/units.js';
import type { JournalEvent, NewEvent, RecordedFault, RecordedGameDay, RecordedPlan } from '../../src/journal/events.js';
import { type Exchange, LOAD, linkName } from '../../src/journal/observations.js';
import { foldJournal } from '../../src/journal/record.js';
import type { Report } from '../../src/reports/reporter.js';
import type { Finding } from '../../src/verify/check.js';
import { worst } from '../../src/verify/check.js';
import type { StateLane } from '../../src/verify/state-lane.js';

export interface GameDayOptions {
  /** False: the gateway never takes an inventory instance out. */
  ejection?: boolean;
  /** False: the gateway never stops calling payments. */
  breaker?: boolean;
  ratePerSecond?: number;
  /** Scales every duration; 1 is the length of the shipped experiment. */
  pace?: number;
}

const GATEWAY = 'gateway-1';
const PAYMENTS = 'payments-1';
const INVENTORY = [1, 2, 3, 4, 5].map((i) => `inventory-${i}`);
/** Monotonic clocks start anywhere: a page that shows this figure has forgotten to subtract. */
const EPOCH_MS = 7_300_000;
const BREAKER_OPEN_MS = 2_000;
const EJECTED_MS = 5_000;
const CALL_TIMEOUT_MS = 800;

interface Act {
  name: string;
  fromMs: number;
  toMs: number;
  fault?: RecordedFault;
}

interface Schedule {
  baselineMs: number;
  acts: readonly Act[];
  methodEndMs: number;
  settleEndMs: number;
}

function fault(type: string, performs: string, instances: readonly string[], rest: { durationMs: number; summary: string }): RecordedFault {
  return { type, performs, links: instances.map((to) => linkName(GATEWAY, to)), instances, minMatched: 10, ...rest };
}

function schedule(pace: number): Schedule {
  const lengths: [string, number, ((durationMs: number) => RecordedFault)?][] = [
    [
      'one-host-goes-gray',
      12_000,
      (durationMs) =>
        fault('abort', 'abort', ['inventory-3'], { durationMs, summary: 'answer 503 in place of 40 % of requests, path /stock*' }),
    ],
    ['gray-host-returns', 8_000],
    [
      'payments-down',
      12_000,
      (durationMs) => fault('abort', 'abort', [PAYMENTS], { durationMs, summary: 'answer 503 in place of all requests' }),
    ],
    ['payments-back', 6_000],
    [
      'host-cut-off',
      10_000,
      (durationMs) => fault('partition', 'blackhole', ['inventory-5'], { durationMs, summary: 'cut off, both ways, all connections' }),
    ],
    ['cut-host-returns', 8_000],
  ];
  const baselineMs = EPOCH_MS + 2_000;
  let atMs = baselineMs + 8_000 * pace;
  const acts = lengths.map(([name, lengthMs, make]): Act => {
    const fromMs = atMs;
    atMs += lengthMs * pace;
    return { name, fromMs, toMs: atMs, ...(make && { fault: make(lengthMs * pace) }) };
  });
  return { baselineMs, acts, methodEndMs: atMs, settleEndMs: atMs + 6_000 * pace };
}

function plan({ acts }: Schedule, ratePerSecond: number): RecordedPlan {
  const link = (to: string, toService: string) => ({
    name: linkName(GATEWAY, to),
    from: GATEWAY,
    fromService: 'gateway',
    to,
    toService,
    protocol: 'http' as const,
  });
  return {
    title: 'gray-failure',
    description: 'One inventory instance fails 40 % of data requests while its health check stays green; then payments; then a partition.',
    file: 'experiments/gray-failure.yaml',
    owner: 'shop-team',
    environment: 'local',
    seed: 20261,
    inputs: { ejection: 'on', breaker: 'on', rate: `${ratePerSecond}/s` },
    services: [
      { name: 'gateway', instances: [GATEWAY], probePaths: ['/health', '/ready'] },
      { name: 'inventory', instances: INVENTORY, probePaths: ['/health', '/ready'] },
      { name: 'payments', instances: [PAYMENTS], probePaths: ['/health', '/ready'] },
    ],
    links: [...INVENTORY.map((to) => link(to, 'inventory')), link(PAYMENTS, 'payments')],
    load: {
      service: 'gateway',
      ratePerSecond,
      routes: [
        { name: 'stock', method: 'GET', weight: 2 },
        { name: 'pay', method: 'POST', weight: 1 },
      ],
    },
    probes: [
      { name: 'shop-answers', type: 'wire', mode: 'continuous', expectation: 'successRate >= 80' },
      { name: 'shop-is-fast', type: 'wire', mode: 'edge', expectation: 'p99 <= 500ms' },
      { name: 'gateway-ready', type: 'http', mode: 'edge', expectation: 'status in [200]' },
    ],
    steps: acts.map((act, i) => ({
      name: act.name,
      kind: act.fault ? ('fault' as const) : ('wait' as const),
      startAfter: acts.slice(Math.max(0, i - 1), i).map((a) => a.name),
      ...(act.fault ? { fault: act.fault } : { summary: `wait ${formatMs(act.toMs - act.fromMs)}` }),
    })),
    checks: [{ name: 'the-gray-host-is-ejected', check: 'outlierEjection', severity: 'fail', params: {} }],
  };
}

interface Answer {
  endMs: number;
  status?: number;
  end: Exchange['end'];
}

/** The shop: what its gateway knows and every call that it makes. `lanes` is the truth that a check would have to infer. */
class Shop {
  readonly events: NewEvent[] = [];
  readonly counts = new Map<string, { matched: number; applied: number }>();
  readonly lanes = new Map<string, { state: string; fromMs: number; toMs: number }[]>();
  readonly #options: GameDayOptions;
  readonly #acts: readonly Act[];
  readonly #random = drawStream(keyedDraw({ seed: 7, faultId: 'shop' }), '');
  readonly #ordinals = new Map<string, number>();
  readonly #errorsInRow = new Map<string, number>();
  readonly #outUntilMs = new Map<string, number>();
  #turn = 0;
  #breaker: { state: 'closed' | 'open'; untilMs: number; errors: number } = { state: 'closed', untilMs: 0, errors: 0 };

  constructor(options: GameDayOptions, acts: readonly Act[]) {
    this.#options = options;
    this.#acts = acts;
  }

  request(atMs: number, seq: number): void {
    const pay = seq % 3 === 2;
    const path = pay ? `/pay/k${seq}` : `/stock/k${seq}`;
    const answer = pay ? this.#pay(atMs + 0.3, path) : this.#stock(atMs + 0.3, path);
    this.#record({ from: LOAD, to: GATEWAY, method: pay ? 'POST' : 'GET', path, startMs: atMs, answer, route: pay ? 'pay' : 'stock' });
  }

  /** Health checks of every inventory instance: green throughout, and no data. */
  healthChecks(atMs: number): void {
    for (const to of INVENTORY) {
      const answer: Answer = { endMs: atMs + 1, status: 200, end: 'complete' };
      this.#record({ from: GATEWAY, to, method: 'GET', path: '/health', startMs: atMs, answer });
    }
  }

  #stock(atMs: number, path: string): Answer {
    const inPool = INVENTORY.filter((name) => (this.#outUntilMs.get(name) ?? 0) <= atMs);
    const to = inPool[this.#turn++ % inPool.length] ?? 'inventory-1';
    const act = this.#faultOn(to, atMs);
    const answer = this.#call(to, 'GET', path, atMs, act);
    const failed = answer.status !== 200;
    const errors = failed ? (this.#errorsInRow.get(to) ?? 0) + 1 : 0;
    this.#errorsInRow.set(to, errors);
    if (this.#options.ejection !== false && errors >= 3) this.#eject(to, answer.endMs);
    return { ...answer, endMs: answer.endMs + 0.4, status: answer.status ?? 502, end: 'complete' };
  }

  #eject(instance: string, atMs: number): void {
    const untilMs = atMs + EJECTED_MS;
    this.#outUntilMs.set(instance, untilMs);
    this.#errorsInRow.set(instance, 0);
    this.#lane(instance).push({ state: 'ejected', fromMs: atMs, toMs: untilMs });
  }

  #pay(atMs: number, path: string): Answer {
    const fallback: Answer = { endMs: atMs + 0.6, status: 202, end: 'complete' };
    const isTrial = this.#breaker.state === 'open';
    if (isTrial && atMs < this.#breaker.untilMs) return fallback;
    const answer = this.#call(PAYMENTS, 'POST', path, atMs, this.#faultOn(PAYMENTS, atMs));
    if (answer.status === 200) {
      if (isTrial) this.#lane('gateway -> payments').push({ state: 'halfOpen', fromMs: atMs, toMs: answer.endMs });
      this.#breaker = { state: 'closed', untilMs: 0, errors: 0 };
      return answer;
    }
    const errors = this.#breaker.errors + 1;
    if (this.#options.breaker === false || (!isTrial && errors < 10)) {
      this.#breaker = { state: 'closed', untilMs: 0, errors };
      return answer;
    }
    if (isTrial) this.#lane('gateway -> payments').push({ state: 'halfOpen', fromMs: atMs, toMs: answer.endMs });
    this.#lane('gateway -> payments').push({ state: 'open', fromMs: answer.endMs, toMs: answer.endMs + BREAKER_OPEN_MS });
    this.#breaker = { state: 'open', untilMs: answer.endMs + BREAKER_OPEN_MS, errors };
    return answer;
  }

  #lane(subject: string): { state: string; fromMs: number; toMs: number }[] {
    const lane = this.lanes.get(subject) ?? [];
    this.lanes.set(subject, lane);
    return lane;
  }

  #faultOn(instance: string, atMs: number): Act | undefined {
    return this.#acts.find((act) => act.fault?.instances.includes(instance) && atMs >= act.fromMs && atMs < act.toMs);
  }

  #call(to: string, method: string, path: string, atMs: number, act: Act | undefined): Answer {
    const slow = this.#random() < 0.01 ? 40 * this.#random() : 0;
    const usual: Answer = { endMs: atMs + 2 + 4 * this.#random() + slow, status: 200, end: 'complete' };
    const gray = act?.name === 'one-host-goes-gray';
    const applied = act !== undefined && (!gray || this.#random() < 0.4);
    const cut = applied && act.fault?.type === 'partition';
    const bad: Answer = cut ? { endMs: atMs + CALL_TIMEOUT_MS, end: 'clientReset' } : { endMs: atMs + 0.5, status: 503, end: 'complete' };
    const answer = applied ? bad : usual;
    this.#record({ from: GATEWAY, to, method, path, startMs: atMs, answer, ...(act && { act: act.name }), applied });
    return answer;
  }

  #record(seen: {
    from: string;
    to: string;
    method: string;
    path: string;
    startMs: number;
    answer: Answer;
    route?: string;
    act?: string;
    applied?: boolean;
  }): void {
    const { from, to, method, path, startMs, answer, route, act, applied = false } = seen;
    const link = linkName(from, to);
    const ordinal = (this.#ordinals.get(link) ?? 0) + 1;
    this.#ordinals.set(link, ordinal);
    if (act !== undefined) {
      const count = this.counts.get(act) ?? { matched: 0, applied: 0 };
      this.counts.set(act, { matched: count.matched + 1, applied: count.applied + (applied ? 1 : 0) });
    }
    const where = { link, from, to, connection: 1, ordinal, method, path };
    const faults = { ...(act && { matched: [act] }), ...(applied && act && { applied: [act] }) };
    this.events.push({
      type: 'exchange',
      atMs: answer.endMs,
      ...where,
      startMs,
      bytesUp: 80,
      bytesDown: 120,
      ...answer,
      ...faults,
      ...(route && { route }),
    });
  }
}

function control({ baselineMs, acts, methodEndMs, settleEndMs }: Schedule, shop: Shop, recorded: RecordedPlan): NewEvent[] {
  const events: NewEvent[] = [
    {
      type: 'runStarted',
      atMs: EPOCH_MS,
      run: 'gray-failure-20261121-095928',
      epoch: 3,
      version: '0.1.0',
      wallMs: Date.UTC(2026, 10, 21, 9, 59, 28),
      plan: recorded,
    },
    { type: 'phaseStarted', atMs: EPOCH_MS, phase: 'setup' },
    ...[GATEWAY, ...INVENTORY, PAYMENTS].map(
      (instance, i): NewEvent => ({ type: 'serviceReady', atMs: EPOCH_MS + 300 + i, instance, tookMs: 300 + i }),
    ),
    { type: 'phaseEnded', atMs: baselineMs, phase: 'setup' },
    { type: 'phaseStarted', atMs: baselineMs, phase: 'baseline' },
    ...probes(acts[0]?.fromMs ?? baselineMs, 'baseline'),
    { type: 'phaseEnded', atMs: acts[0]?.fromMs ?? baselineMs, phase: 'baseline' },
    { type: 'phaseStarted', atMs: acts[0]?.fromMs ?? baselineMs, phase: 'method' },
  ];
  for (const act of acts) events.push(...actEvents(act, shop));
  events.push(
    { type: 'phaseEnded', atMs: methodEndMs, phase: 'method' },
    { type: 'phaseStarted', atMs: methodEndMs, phase: 'heal' },
    { type: 'healConfirmed', atMs: methodEndMs + 20, tookMs: 20 },
    { type: 'phaseEnded', atMs: methodEndMs + 20, phase: 'heal' },
    { type: 'phaseStarted', atMs: methodEndMs + 20, phase: 'settle' },
    ...probes(settleEndMs, 'settle'),
    { type: 'phaseEnded', atMs: settleEndMs, phase: 'settle' },
    { type: 'phaseStarted', atMs: settleEndMs, phase: 'teardown' },
    { type: 'phaseEnded', atMs: settleEndMs + 200, phase: 'teardown' },
    { type: 'runEnded', atMs: settleEndMs + 210, status: 'completed', steadyState: 'met', cleanup: 'confirmed' },
  );
  for (let atMs = acts[0]?.fromMs ?? 0; atMs < methodEndMs; atMs += 1_000) {
    events.push({
      type: 'probeResult',
      atMs,
      probe: 'shop-answers',
      phase: 'method',
      met: true,
      value: 98.2,
      detail: 'successRate 98.2 over 5 s',
    });
  }
  return events;
}

function probes(atMs: number, phase: 'baseline' | 'settle'): NewEvent[] {
  return [
    { type: 'probeResult', atMs, probe: 'shop-is-fast', phase, met: true, value: 12.1, detail: 'p99 12.1 ms over 5 s' },
    { type: 'probeResult', atMs, probe: 'gateway-ready', phase, met: true, value: 200, detail: 'status 200' },
  ];
}

function actEvents(act: Act, shop: Shop): NewEvent[] {
  const step = act.name;
  const started: NewEvent = { type: 'stepStarted', atMs: act.fromMs, step };
  const ended: NewEvent = { type: 'stepEnded', atMs: act.toMs + 4, step, outcome: 'completed' };
  if (act.fault === undefined) return [started, ended];
  const { matched, applied } = shop.counts.get(step) ?? { matched: 0, applied: 0 };
  return [
    started,
    { type: 'faultIntended', atMs: act.fromMs, fault: step, step, links: act.fault.links, performs: act.fault.performs },
    { type: 'faultApplied', atMs: act.fromMs + 2, fault: step, step },
    { type: 'faultEnded', atMs: act.toMs, fault: step, step, reason: 'duration', matched, applied, skipped: matched - applied },
    ended,
  ];
}

/** Fills the time between the bad states of a lane with the good one. */
function wholeLane(
  kind: StateLane['kind'],
  subject: string,
  bad: readonly { state: string; fromMs: number; toMs: number }[],
  span: { fromMs: number; toMs: number },
): StateLane {
  const good = kind === 'breaker' ? 'closed' : 'in';
  const segments: { state: string; fromMs: number; toMs: number }[] = [];
  let atMs = span.fromMs;
  for (const segment of bad) {
    if (segment.fromMs > atMs) segments.push({ state: good, fromMs: atMs, toMs: segment.fromMs });
    segments.push(segment);
    atMs = segment.toMs;
  }
  segments.push({ state: good, fromMs: atMs, toMs: span.toMs });
  return { kind, subject, segments };
}

export interface GameDay {
  events: readonly JournalEvent[];
  lanes: readonly StateLane[];
}

export function gameDay(options: GameDayOptions = {}): GameDay {
  const { ratePerSecond = 150, pace = 1 } = options;
  const times = schedule(pace);
  const shop = new Shop(options, times.acts);
  const spanMs = times.settleEndMs - times.baselineMs;
  const requests = Math.floor((spanMs * ratePerSecond) / 1_000);
  for (let seq = 0; seq < requests; seq++) shop.request(times.baselineMs + ((seq + 0.5) * 1_000) / ratePerSecond, seq);
  for (let atMs = times.baselineMs; atMs < times.settleEndMs; atMs += 2_000) shop.healthChecks(atMs);
  const events = [...control(times, shop, plan(times, ratePerSecond)), ...shop.events]
    .map((event, order) => ({ event, order, atMs: event.atMs ?? 0 }))
    .sort((a, b) => a.atMs - b.atMs || a.order - b.order)
    .map(({ event, atMs }, i) => ({ ...event, atMs, n: i + 1 }) as JournalEvent);
  const span = { fromMs: times.baselineMs, toMs: times.settleEndMs };
  const lanes = [
    ...INVENTORY.map((name) => wholeLane('ejection', name, shop.lanes.get(name) ?? [], span)),
    wholeLane('breaker', 'gateway -> payments', shop.lanes.get('gateway -> payments') ?? [], span),
  ];
  return { events, lanes };
}

/** Findings by hand: the reports are under test here, not the judging. */
export function handmadeFindings({ events, lanes }: GameDay, { bad = false } = {}): Finding[] {
  const faulted = events.filter((e) => e.type === 'exchange' && e.applied?.includes('one-host-goes-gray'));
  const evidence = [...faulted.slice(0, 3), ...events.filter((e) => e.type === 'faultApplied' || e.type === 'faultEnded').slice(0, 2)];
  return [
    {
      name: 'the-gray-host-is-ejected',
      check: 'outlierEjection',
      severity: 'fail',
      verdict: bad ? 'fail' : 'pass',
      summary: bad
        ? 'inventory-3 was never ejected: 236 requests reached it while the fault was on, 97 of them faulted; its longest silence was 0.2 s'
        : 'inventory-3 was taken out 0.71 s after the fault began, no healthy instance was, and it was back 3.1 s after healing',
      measurements: [
        { name: 'time to ejection', value: bad ? null : 712, unit: 'ms', interval: [640, 790], samples: 236, limit: '<= 6s', met: !bad },
        { name: 'healthy instances ejected', value: 0, unit: 'count', limit: '<= 0', met: true },
      ],
      evidence: evidence.map((e) => e.n),
      correlation: 'C1',
      alternatives: ['a lower share rather than none: ruled out, the share was 0 for 5.0 s where 0.2 was expected'],
      lanes: lanes.filter((l) => l.kind === 'ejection'),
    },
    {
      name: 'the-breaker-opens-and-closes',
      check: 'circuitBreaker',
      severity: 'fail',
      verdict: 'pass',
      summary:
        'the breaker gateway -> payments opened 0.18 s after the fault began, let 1 trial through at a time and closed 1.9 s after healing',
      measurements: [{ name: 'time to open', value: 183.4, unit: 'ms', limit: '<= 4s', met: true }],
      evidence: [],
      lanes: lanes.filter((l) => l.kind === 'breaker'),
    },
    {
      name: 'payments-was-measured',
      check: 'faultWasFelt',
      severity: 'warn',
      verdict: 'inconclusive',
      summary: '8 requests met the fault of step payments-down, where at least 10 were asked for',
      measurements: [{ name: 'requests that met the fault', value: 8, unit: 'requests', limit: '>= 10', met: false }],
      evidence: [],
    },
  ];
}

export function gameDayReport(options: GameDayOptions & { bad?: boolean } = {}): Report {
  const day = gameDay(options);
  const findings = handmadeFindings(day, { bad: options.bad ?? false });
  const verdict = worst(findings.filter((f) => f.severity === 'fail').map((f) => f.verdict));
  const exit =
    verdict === 'pass' ? { code: 0, reason: 'every check passed' } : { code: 1, reason: '1 of 3 checks failed: the-gray-host-is-ejected' };
  return { record: foldJournal(day.events), findings, verdict, exit };
}

const MACHINE = { host: 'lab-1', system: 'linux 6.1.0 x64', processor: 'Test CPU', cores: 2, memoryBytes: 4 * 1024 ** 3, node: 'v20.20.2' };

/** The same with people: who was briefed, what they said and decided meanwhile, and what they answered afterwards. */
export function peopledReport(options: GameDayOptions & { bad?: boolean } = {}): Report {
  const report = gameDayReport(options);
  const { events, plan } = report.record;
  const gameDay: RecordedGameDay = {
    briefing: 'One inventory host goes gray, then payments.\nAnn decides whether we go on.',
    people: [{ name: 'ann', role: 'incident commander', contact: '+49 30 123' }, { name: 'bob' }],
    acts: [
      { name: 'gray', title: 'One host goes gray', steps: ['one-host-goes-gray', 'gray-host-returns'] },
      { name: 'down', title: 'Payments are down', steps: ['payments-down', 'payments-back'] },
      { name: 'never', title: 'What was never reached', steps: ['nothing'] },
    ],
    questions: ['What surprised you?', 'What will you change?'],
  };
  const at = (step: string): number => events.find((event) => event.type === 'stepStarted' && event.step === step)?.atMs ?? 0;
  const said: NewEvent[] = [
    {
      type: 'gateOpened',
      atMs: at('one-host-goes-gray') - 700,
      gate: 'go',
      question: 'Is everybody here?',
      by: ['ann'],
      timeoutMs: 60_000,
    },
    { type: 'gateClosed', atMs: at('one-host-goes-gray') - 20, gate: 'go', decision: 'approved', by: 'ann' },
    { type: 'note', atMs: at('one-host-goes-gray') + 400, text: 'support sees slow checkouts', by: 'bob' },
    { type: 'gateOpened', atMs: at('payments-down') - 100, gate: 'again', question: '', by: [], timeoutMs: 100 },
    { type: 'gateClosed', atMs: at('payments-down'), gate: 'again', decision: 'timedOut' },
    { type: 'serviceExited', atMs: at('payments-down') + 500, instance: 'payments-1', code: 1, signal: null, expected: false },
    { type: 'answer', atMs: report.record.toMs + 60_000, question: 'What surprised you?', text: 'that nobody was paged', by: 'ann' },
  ];
  const all = [...events, ...(said as JournalEvent[])].sort((a, b) => a.atMs - b.atMs);
  const checks = plan.checks.map((check) => ({ ...check, params: { during: 'one-host-goes-gray' } }));
  const record = {
    ...report.record,
    events: all,
    plan: { ...plan, checks, gameDay },
    machine: MACHINE,
    daemonVersion: '0.1.0',
    briefedBy: 'eve',
  };
  return { ...report, record };
}
