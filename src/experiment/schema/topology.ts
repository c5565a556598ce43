/** `topology:` — who there is and who calls whom. A link is a caller → callee edge between services; it becomes one proxy per pair of instances. */
import { z } from 'zod';
import type { Catalog } from '../../core/catalog.js';
import { duration, size } from '../../core/units.js';
import { LINK_PROTOCOLS } from '../../dataplane/faults/carriers.js';
import { observeSchema } from '../../dataplane/observe/observe-spec.js';
import { tlsSchema } from '../../dataplane/tls/spec/tls-spec.js';
import type { Plane } from '../../orchestrator/planes/plane.js';
import type { Catalogs } from '../catalogs.js';
import { agentsSchema } from './agents.js';
import { policiesSchema } from './policies.js';
import { roleSchema } from './roles.js';
import { address, name, oneOrMore, processText, urlPath } from './words.js';

/** Instances of one service. */
const INSTANCES_MAX = 100;
/** Of a program that cannot live, the third start is no worse a sign than the thirtieth. */
const RESTARTS_DEFAULT = 3;
const RESTART_DELAY_MS = 1_000;

const labels = () => z.record(name(), processText()).default({});

/** Names of units and containers become words of a command line: no dash in front, and nothing that a program could take for an option. */
const foreignName = () =>
  z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9][\w.@:\\-]*$/, 'expected a name, like nginx.service or web-1');

const instance = z.union([
  name(),
  z
    .strictObject({
      name: name().meta({ description: 'unique among all instances of the experiment' }),
      labels: labels().meta({ description: 'zone, rack, version or whatever targets choose by; added to those of the service' }),
      agents: agentsSchema.optional(),
      port: z.int().min(1).max(65_535).optional().meta({ description: 'fixed port to start it on; any free one if omitted' }),
      address: address().optional().meta({ description: 'where it already runs: it is attached to, not started' }),
      pid: z.int().min(1).max(4_194_304).optional().meta({ description: 'its process, where it already runs on this machine' }),
      unit: foreignName().optional().meta({ description: 'its systemd unit, where it already runs on this machine' }),
      container: foreignName()
        .optional()
        .meta({ description: 'its Docker container, by name or id, where it already runs on this machine' }),
    })
    .refine(({ pid, unit, container }) => [pid, unit, container].filter((process) => process !== undefined).length <= 1, {
      error: 'expected at most one of pid, unit, container: they name the same process',
    }),
]);

const restart = z
  .union([
    z.enum(['never', 'onFailure']).transform((policy) => ({ policy, max: RESTARTS_DEFAULT, delay: RESTART_DELAY_MS })),
    z.strictObject({
      policy: z.enum(['never', 'onFailure']),
      max: z
        .int()
        .min(1)
        .max(1_000)
        .default(RESTARTS_DEFAULT)
        .meta({ description: 'restarts of one instance in a run; one more failure ends the run' }),
      delay: duration().default(RESTART_DELAY_MS).meta({ description: 'time between its end and its next start' }),
    }),
  ])
  .default({ policy: 'never', max: RESTARTS_DEFAULT, delay: RESTART_DELAY_MS });

const limits = z
  .strictObject({
    cpu: z.number().min(0.01).max(1_024).optional().meta({ description: 'processors it may use, like 0.5' }),
    memory: size({ minBytes: 1024 * 1024 })
      .optional()
      .meta({ description: 'memory it may use; beyond it the kernel ends it' }),
  })
  .refine(({ cpu, memory }) => cpu !== undefined || memory !== undefined, { error: 'expected cpu, memory or both; found neither' });

const readiness = z.strictObject({
  path: urlPath().optional().meta({ description: 'http: answers 2xx when the instance can work; omitted: a connection is enough' }),
  timeout: duration({ minMs: 1 }).default(15_000).meta({ description: 'beyond it the run ends before anything was injected' }),
  interval: duration({ minMs: 10 }).default(100).meta({ description: 'time between two questions' }),
});

/** Of one service. */
const FILES_MAX = 20;
const FILE_CHARACTERS_MAX = 65_536;

const serviceSchema = z.strictObject({
  protocol: z.enum(LINK_PROTOCOLS).default('tcp').meta({
    description: 'what its callers speak to it: tcp (anything), http (HTTP/1.x) or http2 (and gRPC); http faults need one of the latter',
  }),
  instances: z
    .union([z.int().min(1).max(INSTANCES_MAX), z.array(instance).min(1).max(INSTANCES_MAX)])
    .default(1)
    .meta({
      description: 'how many (named SERVICE-1, SERVICE-2 …), or a list of names, or of {name, labels, port, address, pid, unit, container}',
    }),
  labels: labels().meta({ description: 'of all its instances; targets choose by them' }),
  agents: agentsSchema.optional(),
  argv: z.array(processText()).min(1).optional().meta({
    description: `program and arguments to start an instance with; may hold \${self.port}, \${self.name}, \${self.data}, \${link.SERVICE}, \${lab}, \${ca}`,
  }),
  env: z.record(z.string(), processText()).default({}).meta({ description: 'environment of the program; same templates as argv' }),
  files: z
    .record(
      z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'expected the name of a file, like haproxy.cfg'),
      z.string().max(FILE_CHARACTERS_MAX),
    )
    .refine((files) => Object.keys(files).length <= FILES_MAX, `expected at most ${FILES_MAX} files`)
    .default({})
    .meta({ description: `name → text of what is put into \${self.data} before each start; same templates as argv` }),
  workingDirectory: z.string().optional().meta({ description: 'directory to start the program in; the run’s own if omitted' }),
  dataDirectory: z
    .string()
    .min(1)
    .optional()
    .meta({ description: `where the folders of its instances are made, which \${self.data} names; the run’s own folder if omitted` }),
  restart: restart.meta({
    description: 'what happens when an instance fails by itself: never (the run ends), or onFailure: it is started again',
  }),
  limits: limits.optional().meta({ description: 'of each instance; they need control groups that the run may make (root mostly may)' }),
  health: urlPath().optional().meta({ description: 'path of the shallow health check: never counted as data' }),
  ready: z
    .union([urlPath().transform((path) => readiness.parse({ path })), readiness])
    .prefault({})
    .meta({ description: 'when an instance counts as ready: a path, or {path, timeout, interval}' }),
  accepts: z.array(z.string()).optional().meta({ description: 'fault types it may be given; all if omitted' }),
});
export type ServiceText = z.output<typeof serviceSchema>;

/** What carries the links when the file does not say. */
const DEFAULT_DRIVER = 'daemon';

export interface ProxiesText {
  driver: string;
  /** The rest of the keys, as the driver's schema understands them. */
  params: Readonly<Record<string, unknown>>;
}

function proxiesSchema(planes: Catalog<Plane>) {
  const variants = planes.all.map((plane) =>
    z
      .strictObject({ driver: z.literal(plane.name), ...plane.schema.shape })
      .transform(({ driver, ...params }): ProxiesText => ({ driver: String(driver), params }))
      .meta({ description: plane.summary }),
  );
  return z.discriminatedUnion('driver', variants as unknown as [(typeof variants)[number], ...typeof variants]);
}

export const topologySchema = ({ planes, mechanisms, probes }: Pick<Catalogs, 'planes' | 'mechanisms' | 'probes'>) =>
  z.strictObject({
    services: z
      .record(name(), serviceSchema)
      .refine((services) => Object.keys(services).length > 0, 'expected at least one service, found none')
      .meta({ description: 'the participants, by name' }),
    links: z
      .array(
        z.strictObject({
          from: z.string().meta({ description: 'calling service' }),
          to: z.string().meta({ description: 'called service' }),
          listen: oneOrMore(address()).optional().meta({
            description:
              'where callers are already pointed at, in place of any free port: one address for each pair of instances, in the order of the callees',
          }),
          tls: tlsSchema.optional(),
          observe: observeSchema.optional(),
        }),
      )
      .max(1_000)
      .default([])
      .meta({ description: 'who calls whom; each pair of instances gets a proxy of its own' }),
    roles: z
      .record(name(), roleSchema(probes))
      .default({})
      .meta({ description: 'what instances are found to be by asking them, like a leader' }),
    observe: observeSchema.optional().meta({ description: 'what is noted on links that do not say it themselves, if they carry HTTP' }),
    policies: policiesSchema(mechanisms),
    proxies: proxiesSchema(planes)
      .prefault({ driver: DEFAULT_DRIVER })
      .meta({ description: 'what carries the links: {driver: daemon}, {driver: fleet} or {driver: toxiproxy, url}' }),
    protect: oneOrMore(z.string())
      .default([])
      .meta({ description: 'what no fault may touch: services, links like gateway->payments, and the words control, dns, metrics' }),
  });
