/** A plan → Toxiproxy's configuration: its links as proxies, and of its faults those that Toxiproxy can perform, as toxics. Pure. */
import type { Plan, PlannedFault, PlannedInstance } from '../experiment/plan.js';
import { type ToxicText, translate } from '../orchestrator/drivers/toxics.js';

export interface ToxiproxyProxy {
  name: string;
  listen: string;
  upstream: string;
  enabled: true;
  /** Toxiproxy itself passes over these when it is populated; `faultlab serve --config` and scripts read them. */
  toxics: readonly (ToxicText & { name: string })[];
}

export interface ToxiproxyConfig {
  proxies: readonly ToxiproxyProxy[];
  /** A sentence each. */
  notCarried: readonly string[];
}

export function toxiproxyConfig({ links, services, steps }: Plan): ToxiproxyConfig {
  const instances = new Map(services.flatMap((service) => service.instances.map((instance) => [instance.name, instance] as const)));
  const notCarried: string[] = steps.flatMap(({ name, kind, fault }) =>
    fault === undefined ? [`step ${name}: Toxiproxy knows no ${kind}`] : [],
  );
  const toxics = new Map(
    steps.flatMap(({ name, fault }) =>
      fault === undefined ? [] : [[name, { fault, toxics: toxicsOf(name, fault, notCarried) }] as const],
    ),
  );
  const proxies = links.map(({ name, to, listen, tls, protocol }): ToxiproxyProxy => {
    const upstream = upstreamOf(instances.get(to));
    if (upstream === undefined)
      notCarried.push(`${name}: ${to} is started on any free port: give it a \`port\`; 127.0.0.1:0 stands in its place`);
    if (tls !== undefined) notCarried.push(`${name}: Toxiproxy speaks no TLS`);
    if (protocol !== 'tcp') notCarried.push(`${name}: Toxiproxy sees bytes where this link sees ${protocol}`);
    const own = [...toxics.values()].filter(({ fault }) => fault.links.includes(name)).flatMap((step) => step.toxics);
    return { name, listen: listen ?? '127.0.0.1:0', upstream: upstream ?? '127.0.0.1:0', enabled: true, toxics: own };
  });
  return { proxies, notCarried };
}

function upstreamOf(instance: PlannedInstance | undefined): string | undefined {
  return instance?.address ?? (instance?.port === undefined ? undefined : `127.0.0.1:${instance.port}`);
}

function toxicsOf(step: string, fault: PlannedFault, notCarried: string[]): ToxiproxyProxy['toxics'] {
  const translation = translate(fault.spec);
  if (translation.kind === 'refused') {
    notCarried.push(...translation.reasons.map((reason) => `step ${step}: ${reason}`));
    return [];
  }
  notCarried.push(`step ${step}: it was on for ${fault.durationMs / 1_000} s; a toxic is on until it is removed`);
  notCarried.push(...translation.caveats.map((caveat) => `step ${step}: ${caveat}`));
  const isSingle = translation.toxics.length === 1;
  return translation.toxics.map((toxic) => ({ name: isSingle ? step : `${step}-${toxic.stream}`, ...toxic }));
}
