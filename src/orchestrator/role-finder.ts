/**
 * Who holds a role at the moment: every instance is asked, past its links, and whoever answers as the role demands holds it. Several may, and in a split
 * brain they will. Nobody is waited for longer than the role's `withinMs`, because a fault without a target would prove nothing.
 */
import { type Clock, sleep } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import type { Plan, PlannedFault, PlannedRole } from '../experiment/plan.js';
import { bindFault } from '../experiment/resolve/bind.js';
import type { NewEvent } from '../journal/events.js';
import { probes } from './probes/catalog.js';
import type { ProbePorts } from './probes/probe.js';

/** Between two rounds of questions while nobody holds it. */
const ASK_EVERY_MS = 200;

export interface RoleFinderPorts {
  clock: Clock;
  probing: ProbePorts;
  /** Fills `${self.…}` for an instance. */
  fill(text: string, instance: string): string;
  note(event: NewEvent): void;
}

export class RoleFinder {
  readonly #ports: RoleFinderPorts;
  readonly #plan: Plan;
  /** Those that were asked for when the method started, for all of the run. */
  #frozen: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(ports: RoleFinderPorts, plan: Plan) {
    this.#ports = ports;
    this.#plan = plan;
  }

  /** Asks for all roles that faults of this plan want to know from the start. Rejects with TARGET_UNKNOWN if one of them has nobody. */
  async freeze(signal: AbortSignal): Promise<void> {
    const wanted = this.#plan.steps.flatMap(({ name, fault }) =>
      fault?.open?.resolve === 'start' ? fault.open.roles.map((role) => [role, name] as const) : [],
    );
    this.#frozen = await this.#find(new Map(wanted), signal);
  }

  /** The fault on the links that it now means. Rejects with TARGET_UNKNOWN if it means none. */
  async bind(step: string, fault: PlannedFault, signal: AbortSignal): Promise<PlannedFault> {
    if (fault.open === undefined) return fault;
    const { roles, resolve } = fault.open;
    const holders = resolve === 'live' ? await this.#find(new Map(roles.map((role) => [role, step])), signal) : this.#frozen;
    const bound = bindFault(this.#plan, { step, fault }, holders);
    if (bound.kind === 'nobody') throw new LabError('TARGET_UNKNOWN', { step, reason: bound.reason });
    return bound.fault;
  }

  /** `wanted`: role → a step that wants it. */
  async #find(wanted: ReadonlyMap<string, string>, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await Promise.all(
      [...wanted].map(async ([name, step]) => {
        const role = this.#plan.roles.find((candidate) => candidate.name === name);
        if (role === undefined) throw new Error(`the plan names a role that it does not have: ${name}`);
        const instances = await this.#holdersOf(role, step, signal);
        this.#ports.note({ type: 'roleFound', role: name, instances });
        return [name, instances] as const;
      }),
    );
    return new Map(found);
  }

  async #holdersOf(role: PlannedRole, step: string, signal: AbortSignal): Promise<readonly string[]> {
    const { clock, probing } = this.#ports;
    const candidates = probing.instances(role.service).map(({ name }) => name);
    const giveUpMs = clock.nowMs() + role.withinMs;
    for (;;) {
      const answers = await Promise.all(candidates.map((instance) => this.#ask(role, instance, signal)));
      const holders = answers.filter(({ met }) => met === true).map(({ instance }) => instance);
      if (holders.length > 0) return holders;
      signal.throwIfAborted();
      if (clock.nowMs() >= giveUpMs) {
        const details = answers.map(({ instance, detail }) => `${instance}: ${detail}`).join('; ');
        throw new LabError('TARGET_UNKNOWN', { step, reason: `nobody was ${role.name} within ${role.withinMs} ms (${details})` });
      }
      await sleep(clock, ASK_EVERY_MS, signal);
    }
  }

  async #ask({ probe, timeoutMs }: PlannedRole, instance: string, signal: AbortSignal) {
    const definition = probes.get(probe.type);
    if (definition?.role === undefined) throw new Error(`the plan asks for a role by a probe that cannot: ${probe.type}`);
    const params = definition.role.paramsFor(probe.question, { name: instance, fill: (text) => this.#ports.fill(text, instance) });
    const { met, detail } = await definition.run(params, this.#ports.probing, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    return { instance, met, detail };
  }
}
