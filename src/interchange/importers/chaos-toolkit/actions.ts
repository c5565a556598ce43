/** Steps of the method: processes, pauses, and what chaostoolkit-toxiproxy does to proxies. */
import { toxicTypes } from '../../../control/toxiproxy/toxic-types.js';
import { type Activity, argvOf } from './activity.js';
import type { Draft } from './draft.js';

const DURATION = '30s';

/** Functions of chaostoxi.toxic.actions → the type of toxic; their arguments are called as its attributes. */
const TOXICS: Readonly<Record<string, string>> = {
  create_latency_toxic: 'latency',
  create_bandwith_degradation_toxic: 'bandwidth',
  create_slow_connection_close_toxic: 'slow_close',
  create_slicer_toxic: 'slicer',
  create_limiter_toxic: 'limit_data',
  create_timeout_toxic: 'timeout',
};

export function activityStep(activity: Activity, draft: Draft): void {
  const { name, pauses, provider, background, type, ref } = activity;
  if (pauses && pauses.before > 0) draft.addStep(`pause-before-${name}`, { wait: `${pauses.before}s` });
  if (provider === undefined) draft.leaveOut(`${type} "${ref ?? name}" of the method: it only refers to another one`);
  else if (type === 'probe')
    draft.leaveOut(`probe "${name}" of the method: it was only asked for the record; see \`steadyState\` with \`mode: onFault\``);
  else if (provider.type === 'process') {
    draft.executes = true;
    draft.addStep(name, { run: { argv: argvOf(provider) } }, { isBackground: background });
  } else if (provider.type === 'python') pythonStep(name, provider, draft);
  else draft.leaveOut(`action "${name}": a request to ${provider.url}; a \`run\` step with curl can send it`);
  if (pauses && pauses.after > 0) draft.addStep(`pause-after-${name}`, { wait: `${pauses.after}s` });
}

function pythonStep(
  name: string,
  { module, func, arguments: given }: { module: string; func: string; arguments: Readonly<Record<string, unknown>> },
  draft: Draft,
): void {
  const proxy = String(given['for_proxy'] ?? given['proxy_name'] ?? '');
  const known = module.startsWith('chaostoxi.') && proxy !== '';
  if (known && func === 'create_proxy') {
    const address = (host: unknown, port: unknown): string | undefined =>
      port === undefined ? undefined : `${String(host ?? '127.0.0.1')}:${String(port)}`;
    draft.serviceBehind(proxy, {
      upstream: address(given['upstream_host'], given['upstream_port']),
      listen: address(given['listen_host'], given['listen_port']),
    });
  } else if (known && func === 'disable_proxy')
    draft.addStep(name, { fault: { type: 'refuse', target: draft.target(draft.serviceBehind(proxy)), duration: DURATION } });
  else if (known && toxicOf(func, given) !== undefined) {
    const fault = { ...toxicOf(func, given), target: draft.target(draft.serviceBehind(proxy)), duration: DURATION };
    // A toxic is there from then on while the method goes on.
    draft.addStep(name, { fault }, { isBackground: true });
  } else if (known && /^(delete_toxic|delete_all_toxics|enable_proxy|delete_proxy|reset)/.test(func)) {
    draft.leaveOut(
      `action "${name}": faults end by themselves, each after its \`duration\` (${DURATION} here: set it to what ${func} meant)`,
    );
  } else draft.leaveOut(`action "${name}": what ${module}.${func} does, only that module knows`);
}

function toxicOf(func: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const isPlain = func === 'create_toxic';
  const typeName = isPlain ? String(given['toxic_type']) : TOXICS[func];
  const type = typeName !== undefined && Object.hasOwn(toxicTypes, typeName) ? toxicTypes[typeName] : undefined;
  if (type === undefined) return undefined;
  const source = isPlain ? ((given['attributes'] ?? {}) as Record<string, unknown>) : given;
  const attributes = Object.fromEntries(
    Object.keys(type.attributes).flatMap((key) => (source[key] === undefined ? [] : [[key, Number(source[key])]])),
  );
  if (Object.values(attributes).some((value) => !Number.isFinite(value))) return undefined;
  const { dataOnly: _dataOnly, ...fault } = type.fault(attributes);
  const toxicity = Number(given['toxicity'] ?? 1);
  const stream = given['stream'] ?? given['direction'];
  return {
    ...fault,
    ...(stream !== undefined && { direction: stream === 'upstream' ? 'up' : 'down' }),
    ...(toxicity < 1 && { percentage: toxicity * 100 }),
  };
}
