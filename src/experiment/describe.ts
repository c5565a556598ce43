/** A plan in words, for `faultlab plan`: who there is, what is done to whom and when, how long it takes at most, and what is judged. Pure text, no colour. */
import type { TlsSpec } from '../dataplane/tls/spec/tls-spec.js';
import { shippedCatalogs } from './catalogs.js';
import type { Plan, PlannedInstance, PlannedService, PlannedStep } from './plan.js';
import { preflight, worstHarm } from './preflight.js';
import { section, table } from './sections.js';
import { methodDurationMs, planDurationMs, type TimedStep, timeline } from './timeline.js';

export function describePlan(plan: Plan): string {
  return [
    heading(plan),
    section('Required programs', table((plan.requires ?? []).map((one) => [one.program, `apt-get install ${one.package}`]))),
    section('Variants', describeVariants(plan)),
    section('Services', plan.services.map(describeService)),
    section('Links', describeLinks(plan)),
    section('Proxies', describeProxies(plan)),
    section('Policies', describePolicies(plan)),
    section('Load', describeLoad(plan)),
    section('Steady state', table(plan.probes.map((probe) => [probe.name, probe.mode, probe.expectation]))),
    section('Stop conditions', describeStops(plan)),
    section('Rollback', describeRollback(plan)),
    section('Timeline', describeTimeline(plan)),
    section('Faults', describeFaults(plan)),
    section('Order of faults on one message', describeOrder(plan)),
    section('Worst case', describeHarm(plan)),
    section('Foreseen', describeForeseen(plan)),
    section('Is told', describeNotices(plan)),
    section('Checks', table(plan.checks.map((check) => [check.name, check.check, check.severity === 'warn' ? 'warns only' : '']))),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function heading({ recorded }: Plan): string {
  const inputs = Object.entries(recorded.inputs).map(([name, value]) => `${name}=${value}`);
  const labels = Object.entries(recorded.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const about = [`environment ${recorded.environment}`, `seed ${recorded.seed}`, ...(recorded.owner ? [`owner ${recorded.owner}`] : [])];
  return [
    `${recorded.title} (${recorded.file})`,
    ...(recorded.description ? [recorded.description] : []),
    about.join(', '),
    ...(recorded.runbook ? [`runbook ${recorded.runbook}`] : []),
    ...(labels.length > 0 ? [`labels ${labels.join(', ')}`] : []),
    ...(inputs.length > 0 ? [`inputs ${inputs.join(', ')}`] : []),
  ].join('\n');
}

/** Addresses may be secrets: their hosts are enough to know them by. */
function describeNotices({ notify = [] }: Plan): readonly string[] {
  return table(
    notify.map(({ url, urlFrom, shape, on }) => [url === undefined ? `what ${urlFrom} names` : new URL(url).host, shape, on.join(', ')]),
  );
}

function describeVariants({ variants }: Plan): readonly string[] {
  return table(Object.entries(variants).map(([name, { expect, failing }]) => [name, `expected to ${expect}`, failing.join(', ')]));
}

function describeService(service: PlannedService): string {
  const { name, protocol, instances, argv } = service;
  const head = `${name} (${protocol})`;
  if (argv === undefined) return [`${head}, attached to:`, ...instances.map((instance) => `    ${describeAttached(instance)}`)].join('\n');
  return [`${head}, started by the run: ${instances.map((instance) => instance.name).join(', ')}`, ...describeCare(service)].join('; ');
}

/** What can be done to what runs already, and what cannot. */
function describeAttached({ name, address, process: found }: PlannedInstance): string {
  const links = address === undefined ? 'no link leads to it' : 'its links are faulted';
  const place = address === undefined ? name : `${name} at ${address}`;
  if (found === undefined) return `${place}: ${links}; its process is not seen`;
  const which = found.kind === 'pid' ? `pid ${found.pid}` : `${found.kind} ${found.name}`;
  return `${place}, ${which}: ${links} and its process is looked at; it is never limited, restarted or ended`;
}

function describeCare({ restart, limits }: PlannedService): readonly string[] {
  const times = restart?.max === 1 ? 'once' : `${restart?.max} times`;
  const shares = [
    ...(limits?.cpus === undefined ? [] : [`${limits.cpus} CPU`]),
    ...(limits?.memoryBytes === undefined ? [] : [`${Number((limits.memoryBytes / 1024 ** 2).toFixed(1))} MiB`]),
  ];
  return [
    ...(restart === undefined ? [] : [`restarted after a failure at most ${times}`]),
    ...(shares.length === 0 ? [] : [`limited to ${shares.join(' and ')}, where cgroups allow`]),
  ];
}

/** One line per pair of services: a plan with many instances must stay readable. */
function describeLinks({ links }: Plan): readonly string[] {
  const groups = new Map<string, { count: number; guarded: number }>();
  for (const link of links) {
    const ends = link.tls === undefined ? '' : `, TLS ${tlsWords(link.tls)}`;
    const key = `${link.fromService} -> ${link.toService} (${link.protocol}${ends})`;
    const { count, guarded } = groups.get(key) ?? { count: 0, guarded: 0 };
    groups.set(key, { count: count + 1, guarded: guarded + (link.protected ? 1 : 0) });
  }
  return [...groups].map(([key, { count, guarded }]) => {
    const note = guarded > 0 ? `, ${guarded === count ? 'protected' : `${guarded} protected`}` : '';
    return `${key}: ${counted(count, 'link')}${note}`;
  });
}

function tlsWords({ terminate, originate }: TlsSpec): string {
  const certificate = terminate?.certificate === undefined ? 'a certificate of the lab CA' : 'a certificate given';
  const trust = originate?.verify === 'none' ? 'whoever answers is believed' : 'the callee is verified';
  return [...(terminate ? [`from callers, with ${certificate}`] : []), ...(originate ? [`to the callee, ${trust}`] : [])].join('; ');
}

/** What carries the links, where that is not our own daemon, which needs no words. */
function describeProxies({ proxies, recorded }: Plan): readonly string[] {
  if (recorded.linksUnseen === undefined) return [];
  return [
    proxies.summary,
    `${recorded.linksUnseen}: promises about links, and whether a fault was felt, stay inconclusive`,
    'it has no leases and no epochs, and knows no environment; a watchdog process takes the run’s proxies away if the run dies',
  ];
}

/** Declared, not measured. */
function describePolicies({ recorded: { policies = [] } }: Plan): readonly string[] {
  return table(policies.map(({ name, from, to, summary }) => [name, `${from} -> ${to}`, summary]));
}

function describeLoad({ load }: Plan): readonly string[] {
  if (load === undefined) return [];
  return load.scenarios.flatMap(({ name, service, summary, requests }) => {
    const total = requests.reduce((sum, request) => sum + request.weight, 0);
    const routes = requests.map((r) => [r.name, r.method, r.path, `${Math.round((100 * r.weight) / total)} %`]);
    const called = load.scenarios.length > 1 ? `${name}: ` : '';
    return [`${called}${summary} to ${service}, each given up after ${exact(load.timeoutMs)}`, ...table(routes)];
  });
}

function describeStops({ stopConditions, steps }: Plan): readonly string[] {
  const isHarmless = steps.every(({ fault }) => fault === undefined);
  if (stopConditions.length > 0 || isHarmless) return stopConditions.map(({ summary }) => summary);
  return ['mind: there are none, so only an operator or a halt stops this run early; write [none] if that is meant'];
}

/** Only where it is not what everybody expects. */
function describeRollback({ rollback, steps }: Plan): readonly string[] {
  const leaseMs = Math.max(0, ...steps.map(({ fault }) => fault?.leaseMs ?? 0));
  const end = `faults still on at an early end are not renewed, and end by themselves within ${exact(leaseMs)}; that they did is confirmed`;
  if (rollback.strategy === 'never') return [`never: ${end}`];
  if (rollback.strategy === 'deviated')
    return [`deviated: taken back at once if the system was not well, a stop condition tripped or the run failed; else ${end}`];
  return [];
}

function describeHarm(plan: Plan): readonly string[] {
  const harm = worstHarm(plan, shippedCatalogs);
  return harm === undefined || harm === 0 ? [] : [`at most ${harm} requests of the load fall due while a fault is on`];
}

/** What of the verdict is known already, a line for each. */
export function describeForeseen(plan: Plan): readonly string[] {
  const words = { cannotPass: 'cannot pass', cannotFail: 'cannot fail', cannotJudge: 'cannot be judged', expect: 'expect' } as const;
  return preflight(plan, shippedCatalogs).map(({ about, kind, says }) => `${about} ${words[kind]}: ${says}`);
}

function describeTimeline(plan: Plan): readonly string[] {
  const startMs = (plan.load?.warmUpMs ?? 0) + plan.baselineMs;
  const steps = timeline(plan.steps).map((timed) => timedRow(timed, startMs));
  const rows = [
    ...(plan.load && plan.load.warmUpMs > 0 ? [[clock(0), clock(plan.load.warmUpMs), 'warm-up', '']] : []),
    [clock(plan.load?.warmUpMs ?? 0), clock(startMs), 'baseline', ''],
    ...steps,
    [clock(startMs + methodDurationMs(plan)), clock(planDurationMs(plan)), 'heal and settle', ''],
  ];
  const readyMs = Math.max(0, ...plan.services.map((service) => service.ready.timeoutMs));
  return [...table(rows), `${exact(planDurationMs(plan))} in all, after at most ${exact(readyMs)} for the services to become ready`];
}

function timedRow({ step, fromMs, toMs }: TimedStep, startMs: number): readonly string[] {
  return [clock(startMs + fromMs), clock(startMs + toMs), step.name, step.summary];
}

/** `+75.5s` since the load started. */
function clock(ms: number): string {
  return `+${Number((ms / 1000).toFixed(3))}s`;
}

/** What each fault hits. */
function describeFaults({ steps }: Plan): readonly string[] {
  return steps.flatMap((step: PlannedStep) => {
    const { fault } = step;
    if (fault === undefined) return [];
    const performs = fault.performs === fault.type ? '' : `, performed as ${fault.performs}`;
    const lease = `lease ${exact(fault.leaseMs)}, felt if it meets ${fault.minMatched} or more`;
    return [
      `${step.name}: ${fault.summary}${performs}`,
      fault.processes === undefined
        ? `  on ${counted(fault.links.length, 'link')}: ${fault.links.join(', ')}`
        : `  on the processes of ${fault.processes.join(', ')}`,
      `  ${lease}`,
      ...(fault.chosen ?? []).map((words) => `  chosen: ${words}`),
      ...(fault.caveats ?? []).map((caveat) => `  mind: ${caveat}`),
    ];
  });
}

/** Only where it matters: on links where several faults look at messages. Of those with the same place, the one added first acts first. */
function describeOrder({ steps }: Plan): readonly string[] {
  const isBehind = ancestry(steps);
  const faults = steps.flatMap(({ name, fault }) => {
    if (fault?.turn === undefined) return [];
    const { type, links, turn } = fault;
    return [{ name, type, links, ...turn }];
  });
  const phases = [
    ['up', 'requests'],
    ['down', 'responses'],
  ] as const;
  return phases.flatMap(([phase, messages]) => {
    const acting = faults.filter((fault) => fault.phases.includes(phase));
    const meets = (a: (typeof acting)[number], b: (typeof acting)[number]): boolean =>
      b.links.some((link) => a.links.includes(link)) && !isBehind(a.name, b.name) && !isBehind(b.name, a.name);
    const together = acting.filter((fault) => acting.some((other) => other !== fault && meets(fault, other)));
    if (together.length === 0) return [];
    const sorted = together.toSorted((a, b) => a.order - b.order);
    return [`${messages}: ${sorted.map(({ name, type }) => `${name} (${type})`).join(' → ')}`];
  });
}

/** Whether a step waits for another, or for one that does: like the levels of a sweep, they are never on together. */
function ancestry(steps: Plan['steps']): (step: string, other: string) => boolean {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const known = new Map<string, ReadonlySet<string>>();
  const before = (name: string): ReadonlySet<string> => {
    const found = known.get(name) ?? new Set((byName.get(name)?.startAfter ?? []).flatMap((earlier) => [earlier, ...before(earlier)]));
    known.set(name, found);
    return found;
  };
  return (step, other) => before(step).has(other);
}

/** As it was written: nothing rounded. */
function exact(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
