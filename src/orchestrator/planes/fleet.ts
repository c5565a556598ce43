/**
 * Agents on many hosts, steered through etcd. Each carries the links of the instances that are placed on it, beside their callers, and starts, holds and ends the
 * processes of its host. Only what one machine knows of itself is not to be had.
 */
import { z } from 'zod';
import { LabError } from '../../core/errors.js';
import { duration } from '../../core/units.js';
import type { PersonWord } from '../../journal/observations.js';
import { bootId } from '../fleet/boot-id.js';
import { FleetDriver } from '../fleet/fleet-driver.js';
import { FleetMembership } from '../fleet/fleet-membership.js';
import { describeRoute, routeOf, routeSchema } from '../fleet/observation-route.js';
import { PeopleLine } from '../fleet/people-line.js';
import { RemoteServices } from '../fleet/remote-services.js';
import { definePlane, type OpenedPlane, type PlanePorts } from './plane.js';

const QUEUE_FOR_MS = 600_000;

export const fleet = definePlane({
  name: 'fleet',
  summary: 'Use agents on many hosts, which `run --etcd` finds; instances say by `agents` where they are.',
  schema: z.strictObject({
    onBusy: z
      .enum(['refuse', 'queue'])
      .default('refuse')
      .meta({ description: 'what happens where another run has an agent that this one needs' }),
    queueFor: duration().default(QUEUE_FOR_MS).meta({ description: 'how long a queued run waits for its agents' }),
    onAgentLoss: z.enum(['stop', 'continue', 'inconclusive']).default('stop').meta({
      description:
        'what happens where an agent cannot be followed any more: the run ends; goes on without it; or does so and lets no promise pass',
    }),
    lease: duration({ minMs: 2_000, maxMs: 600e3 }).default(10_000).meta({
      description: 'of the run in etcd: so long after the run was last heard of, every host has healed, also one that has lost etcd',
    }),
    observationsVia: routeSchema,
    observationsWithin: duration().default(60_000).meta({ description: 'waited at the end for what hosts have observed and not sent yet' }),
  }),
  example: { onBusy: 'queue', onAgentLoss: 'inconclusive' },
  hasHosts: true,
  processesUnseen: 'processes of a fleet are those of other hosts',
  noGateway: `agents have no gateway: hand the service the addresses of its links, \${link.SERVICE}`,
  noTls: 'agents have no authority in common, so nobody could trust the ends of their links',
  describe: ({ onAgentLoss, observationsVia }) =>
    `agents of a fleet (an agent lost: ${onAgentLoss}; observations ${describeRoute(observationsVia)})`,
  objections: () => [],
  caveats: () => [],
  open: (params, ports: PlanePorts): Promise<OpenedPlane> => {
    const { clock, plan, etcd, note, onFailure, version, signal, connect, daemonArgv, logFile } = ports;
    if (etcd === undefined)
      throw new LabError('USAGE', { problem: 'the plan is for a fleet: expected --etcd URL[,URL], where its agents are found' });
    const policy = {
      onAgentLoss: params.onAgentLoss,
      queueForMs: params.onBusy === 'queue' ? params.queueFor : 0,
      leaseMs: params.lease,
      observationsWithinMs: params.observationsWithin,
    };
    const { client, host, env } = etcd;
    const route = routeOf(params.observationsVia, env);
    const membership = new FleetMembership({ clock, client, plan, policy, host, route, bootId: bootId(), note, onFailure, signal });
    const onWord = (word: PersonWord): void => membership.intake.push([word]);
    const people = new PeopleLine({ clock, connect, daemonArgv, logFile, onWord, onFailure, note });
    const driver = new FleetDriver({ clock, version, policy, membership, people, note });
    return Promise.resolve({
      driver,
      get processes() {
        return people.processes;
      },
      outlivesRun: false,
      services: (group, services) => RemoteServices.allocate({ driver, membership, group }, services),
      hosts: () => membership.hosts(),
      [Symbol.asyncDispose]: async () => {
        await people[Symbol.asyncDispose]();
        await membership[Symbol.asyncDispose]();
      },
    });
  },
  // Whatever a dead run wanted stood under its lease.
  healAfter: () => Promise.resolve(undefined),
});
