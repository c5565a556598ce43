/**
 * Toxiproxy's configuration, or what its `GET /proxies` answers: each proxy becomes a link that listens where callers look for it already, each
 * toxic a step, and a disabled proxy a port that refuses.
 */
import { z } from 'zod';
import { toxicTypes } from '../../control/toxiproxy/toxic-types.js';
import { faults } from '../../dataplane/faults/catalog.js';
import { defineImporter, type Imported } from '../importer.js';
import { Names } from '../names.js';
import { peekJson, readJson } from '../read-json.js';

const DURATION = '30s';

const toxic = z.object({
  name: z.string().optional(),
  type: z.string(),
  stream: z.enum(['upstream', 'downstream']).default('downstream'),
  toxicity: z.number().min(0).max(1).default(1),
  attributes: z.record(z.string(), z.unknown()).default({}),
});
type Toxic = z.output<typeof toxic>;
const proxy = z.object({
  name: z.string().min(1),
  listen: z.string().default(''),
  upstream: z.string().min(1),
  enabled: z.boolean().default(true),
  toxics: z.array(toxic).nullish(),
});
type Proxy = z.output<typeof proxy>;
const schema = z.union([z.array(proxy).min(1), z.record(z.string(), proxy).transform((all) => Object.values(all))]);

export const toxiproxy = defineImporter({
  name: 'toxiproxy',
  summary: 'Toxiproxy: a configuration file, or what GET /proxies answers.',
  recognises: (text) => {
    const data = peekJson(text);
    const [first] = Array.isArray(data) ? data : typeof data === 'object' && data !== null ? Object.values(data) : [];
    return typeof first === 'object' && first !== null && 'upstream' in first;
  },
  read: (text, { file, name }) => imported(readJson(text, { file, schema }), name),
});

function imported(proxies: readonly Proxy[], name: string): Imported {
  const [services, steps] = [new Names(), new Names()];
  services.fresh('load');
  const app = services.fresh('app');
  const notCarried: string[] = [];
  const links = proxies.map((given) => ({ given, service: services.fresh(given.name), listen: listenOf(given, notCarried) }));
  const method = links.flatMap(({ given, service }) => [
    ...(given.enabled ? [] : [{ name: steps.fresh(`${service}-down`), fault: { ...faultOn(app, service), type: 'refuse' } }]),
    ...(given.toxics ?? []).flatMap((one) => {
      const fault = faultOf(one);
      if ('problem' in fault) notCarried.push(`${given.name}: toxic ${one.name ?? one.type}: ${fault.problem}`);
      return 'problem' in fault
        ? []
        : [{ name: steps.fresh(one.name ?? `${service}-${one.type}`), fault: { ...faultOn(app, service), ...fault } }];
    }),
  ]);
  return {
    experiment: {
      metadata: { name },
      topology: {
        services: {
          [app]: {},
          ...Object.fromEntries(
            links.map(({ given, service }) => [service, { instances: [{ name: `${service}-1`, address: given.upstream }] }]),
          ),
        },
        links: links.map(({ service, listen }) => ({ from: app, to: service, ...(listen && { listen }) })),
      },
      method: method.length > 0 ? method : [{ name: 'observe', wait: DURATION }],
    },
    notCarried,
    toDo: [
      `the toxics of a Toxiproxy are on until they are removed; here each is on for ${DURATION}, all at once: give them order with \`startAfter\` and time with \`duration\``,
      'stop Toxiproxy first, or its ports are taken; nothing of your callers has to change',
      'nothing is promised yet: add `steadyState`, `load` and `verify`, or the run only shows whether each fault was felt',
    ],
  };
}

const faultOn = (app: string, service: string) => ({ target: { from: app, to: service }, duration: DURATION });

/** Toxiproxy takes an empty host for every address of the machine. */
function listenOf({ name, listen }: Proxy, notCarried: string[]): string | undefined {
  const match = /^(.*):(\d+)$/.exec(listen);
  if (match === null || match[2] === '0') {
    notCarried.push(`${name}: it listens on ${listen === '' ? 'no named port' : listen}: callers have to be told where the link is`);
    return undefined;
  }
  const host = match[1]?.replace(/^\[|\]$/g, '') ?? '';
  if (['', '0.0.0.0', '::'].includes(host)) notCarried.push(`${name}: it listened on every address; here on 127.0.0.1 alone`);
  if (['', '0.0.0.0', '::', 'localhost'].includes(host)) return `127.0.0.1:${match[2]}`;
  return host.includes(':') ? `[${host}]:${match[2]}` : `${host}:${match[2]}`;
}

function faultOf({ type, stream, toxicity, attributes }: Toxic): { problem: string } | Record<string, unknown> {
  const common = { direction: stream === 'upstream' ? 'up' : 'down', ...(toxicity < 1 && { percentage: toxicity * 100 }) };
  const known = Object.hasOwn(toxicTypes, type) ? toxicTypes[type] : undefined;
  if (known === undefined) {
    return faults.get(type)?.protocol !== 'tcp' ? { problem: `no fault means ${type}` } : { type, value: attributes, ...common };
  }
  const wrong = Object.entries(attributes).find(([key, value]) => known.attributes[key] === undefined || typeof value !== 'number');
  if (wrong !== undefined) return { problem: `attribute ${wrong[0]}: ${JSON.stringify(wrong[1])} means nothing to ${type}` };
  const { dataOnly: _dataOnly, ...fault } = known.fault(attributes as Record<string, number>);
  return { ...fault, ...common };
}
