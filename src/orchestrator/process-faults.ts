/**
 * Faults on the processes that a run has started. They are asked for, renewed, healed and told of like those of the data plane, so nobody else has to
 * know the difference; `allFaults` puts both behind one door. What keeps their leases is the reaper, which outlives the orchestrator.
 */
import type { Timer } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import { faults as catalog } from '../dataplane/faults/catalog.js';
import { actOf, type ProcessAct } from '../dataplane/faults/process-fault.js';
import type { FaultSpec } from '../dataplane/faults/spec.js';
import type { FaultChange, FaultEnd } from '../journal/observations.js';
import type { LiveProcess } from '../journal/store.js';
import type { Faults } from './drivers/driver.js';
import { hold } from './process-acts/hold.js';
import { kill } from './process-acts/kill.js';
import { limitFiles } from './process-acts/limit-files.js';
import type { ActDefinition, ActPorts, ActTarget } from './process-acts/process-act.js';
import { ration } from './process-acts/ration.js';
import { skew } from './process-acts/skew.js';
import { slowFiles } from './process-acts/slow-files.js';
import { conditionOf } from './services/processes.js';
import type { Reach } from './services/reach.js';

const ACTS: { [K in ProcessAct['kind']]: ActDefinition<Extract<ProcessAct, { kind: K }>> } = {
  hold,
  kill,
  skew,
  limitFiles,
  slowFiles,
  ration,
};

const STILL = { kind: 'hold' } as const;
/** Beyond it whoever stands still for something goes on, unless that is renewed like a fault. */
const STILL_MS_MAX = 10_000;

export interface ProcessFaultPorts extends ActPorts {
  run: string;
  /** An instance's process, ours or not, unless it is known to have ended. */
  processOf(instance: string): { process: LiveProcess; reach: Reach } | undefined;
  tell(change: FaultChange): void;
}

interface On {
  spec: FaultSpec;
  act: ProcessAct;
  /** What it has hit: nobody in a rehearsal. */
  hit: readonly ActTarget[];
  /** From then on whoever keeps it may have been told. */
  fromMs: number;
  timer: Timer;
  /** Resolves when it has taken effect; until then nobody may judge by what the processes do. */
  begun: Promise<unknown>;
  isBegun: boolean;
  /** Set as soon as it is being ended; resolves when that is done. */
  ending: Promise<void> | undefined;
}

export class ProcessFaults {
  readonly #ports: ProcessFaultPorts;
  readonly #on = new Map<string, On>();
  /** Instances that stand still for something else than a fault. */
  readonly #still = new Set<string>();
  /** When the leases were renewed last. */
  #renewedMs = Number.NEGATIVE_INFINITY;

  constructor(ports: ProcessFaultPorts) {
    this.#ports = ports;
  }

  /** Ids of those that are on. */
  get active(): readonly { id: string }[] {
    return [...this.#on.keys()].map((id) => ({ id }));
  }

  /**
   * `proxies` are instances here. Rejects with SERVICE_NOT_READY if one of them does not run, PROCESS_TAKEN if another fault has it, CLOCK_UNREACHABLE,
   * QUOTA_UNAVAILABLE, DATA_UNWRITABLE or SNAPSHOT_MISSING if it can have no effect, and nothing is on then; and with PROCESS_UNMOVED if it has none: then it is on, until
   * it is healed.
   */
  async inject(spec: FaultSpec): Promise<void> {
    const act = actOfSpec(spec);
    const { takes, check, begin } = definitionOf(act);
    this.#refuseTaken(spec.proxies, takes);
    const targets = spec.proxies.map((instance) => this.#running(instance));
    const hit = spec.percentage === 0 ? [] : targets;
    const timer: Timer = { cancel: () => {} };
    const fromMs = this.#ports.clock.nowMs();
    const on: On = { spec, act, hit, fromMs, timer, begun: Promise.resolve(), isBegun: false, ending: undefined };
    this.#on.set(spec.id, on);
    const checked = Promise.all(hit.map(async (one) => check?.(one, act, this.#ports)));
    on.begun = checked.then(() => Promise.all(hit.map((one) => begin(one, { act, leaseMs: spec.lease }, this.#ports))));
    on.begun.catch(() => {});
    await checked.catch((error: unknown) => {
      this.#on.delete(spec.id);
      throw error;
    });
    await on.begun;
    // Whoever healed meanwhile has it end as soon as it has begun.
    this.#tell(on, 'applied', targets.length);
    on.isBegun = true;
    if (on.ending !== undefined) return;
    on.timer = this.#ports.clock.after(spec.duration ?? spec.lease, () => void this.#end(on, 'duration').catch(() => {}));
  }

  /** Ends these, or all of them, and waits until the processes run again. Rejects with what kept one from it; it is still on then. */
  async heal(ids: readonly string[] = [...this.#on.keys()]): Promise<void> {
    const ends = ids.flatMap((id) => this.#on.get(id) ?? []).map((on) => this.#end(on, 'healed'));
    const failed = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Renews the leases. What has run out all the same ends its fault, and the run is told. */
  renew(): void {
    const nowMs = this.#ports.clock.nowMs();
    const silentMs = nowMs - this.#renewedMs;
    this.#renewedMs = nowMs;
    this.#ports.reaper()?.tell({ order: 'renew' });
    for (const on of this.#on.values()) {
      const { act, hit } = on;
      // Not every act shows in its process whether it is still kept, but when whoever keeps it has let go is known.
      const hasLapsed = definitionOf(act).isLeased !== false && Math.min(silentMs, nowMs - on.fromMs) > on.spec.lease;
      if (!on.isBegun || on.ending !== undefined || (!hasLapsed && hit.every((one) => this.#isKept(one, act)))) continue;
      on.timer.cancel();
      this.#on.delete(on.spec.id);
      for (const one of hit)
        definitionOf(act)
          .undo(one, act, this.#ports)
          .catch(() => {});
      this.#tell(on, 'expired', on.spec.proxies.length);
    }
  }

  /** A process that was started in place of one that was hit is free of what was done to that one. */
  #isKept(one: ActTarget, act: ProcessAct): boolean {
    const { outlivesProcess = false, isKept } = definitionOf(act);
    const now = outlivesProcess ? undefined : this.#ports.processOf(one.instance)?.process;
    return (now === undefined || isSame(now, one.process)) && isKept(one, act, this.#ports);
  }

  /** Does the work while these instances stand still. Rejects with SERVICE_NOT_READY or PROCESS_TAKEN before it, with what went wrong in it, and with PROCESS_MOVED where one went on before its end. */
  async whileStill(instances: readonly string[], work: () => Promise<void>): Promise<void> {
    this.#refuseTaken(instances, hold.takes);
    const targets = instances.map((instance) => this.#running(instance));
    for (const instance of instances) this.#still.add(instance);
    const goOn = (one: ActTarget): Promise<void> =>
      hold.undo(one, STILL, this.#ports).finally(() => {
        this.#still.delete(one.instance);
      });
    try {
      await Promise.all(targets.map((one) => hold.begin(one, { act: STILL, leaseMs: STILL_MS_MAX }, this.#ports)));
      await work();
      const moved = targets.find((one) => !hold.isKept(one, STILL, this.#ports));
      if (moved !== undefined) throw new LabError('PROCESS_MOVED', { instance: moved.instance, pid: moved.process.pid });
    } finally {
      await Promise.all(targets.map(goOn));
    }
  }

  /** Two faults on the same of a process would undo each other, and so would a fault and whoever has it stand still. */
  #refuseTaken(instances: readonly string[], what: ActDefinition<ProcessAct>['takes']): void {
    for (const { spec, hit, act } of this.#on.values()) {
      const taken = definitionOf(act).takes === what ? hit.find(({ instance }) => instances.includes(instance)) : undefined;
      if (taken !== undefined) throw new LabError('PROCESS_TAKEN', { instance: taken.instance, by: `the fault ${spec.id}` });
    }
    const still = what === hold.takes ? instances.find((instance) => this.#still.has(instance)) : undefined;
    if (still !== undefined) throw new LabError('PROCESS_TAKEN', { instance: still, by: 'the copy that is made of its data' });
  }

  #running(instance: string): ActTarget {
    const found = this.#ports.processOf(instance);
    if (found === undefined || conditionOf(found.process) === 'gone') {
      throw new LabError('SERVICE_NOT_READY', { instance, reason: 'its process has ended; there is nothing to put a fault on' });
    }
    return { instance, ...found };
  }

  #end(on: On, reason: FaultEnd): Promise<void> {
    on.timer.cancel();
    on.ending ??= on.begun
      .catch(() => {})
      .then(() => Promise.all(on.hit.map((one) => definitionOf(on.act).undo(one, on.act, this.#ports))))
      .then(() => {
        this.#on.delete(on.spec.id);
        this.#tell(on, reason, on.spec.proxies.length);
      })
      .catch((error: unknown) => {
        // Whoever heals may try again.
        on.ending = undefined;
        throw error;
      });
    return on.ending;
  }

  #tell({ spec, hit }: On, change: FaultChange['change'], matched: number): void {
    const { clock, run, tell } = this.#ports;
    const counts = { counted: 'processes', matched, appliedCount: hit.length, skipped: matched - hit.length } as const;
    tell({ kind: 'fault', fault: spec.id, run, change, atMs: clock.nowMs(), ...counts });
  }
}

function isSame(a: LiveProcess, b: LiveProcess): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks;
}

function actOfSpec({ type, value }: FaultSpec): ProcessAct {
  const definition = catalog.get(type);
  if (definition?.protocol !== 'process') throw new Error(`${type} is no fault on processes`);
  return actOf(definition, value);
}

/** The definition of a kind of act takes acts of that kind; which is meant, the compiler cannot follow from the one to the other. */
function definitionOf(act: ProcessAct): ActDefinition<ProcessAct> {
  return ACTS[act.kind] as unknown as ActDefinition<ProcessAct>;
}

function isOnProcesses({ type }: FaultSpec): boolean {
  return catalog.get(type)?.protocol === 'process';
}

/** Faults on links and on processes behind one door: what is asked goes to whom it concerns, and all must be healed to be healed. */
export function allFaults(links: Faults, processes: ProcessFaults): Faults {
  return {
    inject: async (specs) => {
      const onLinks = specs.filter((spec) => !isOnProcesses(spec));
      if (onLinks.length > 0) await links.inject(onLinks);
      const onProcesses = specs.filter(isOnProcesses);
      // The daemon says who may: not while it is halted, not an epoch that is stale, not a claim that was lost.
      if (onProcesses.length > 0) await links.renew();
      for (const spec of onProcesses) await processes.inject(spec);
    },
    heal: async (ids) => {
      const own = ids?.filter((id) => processes.active.some((fault) => fault.id === id));
      const others = ids?.filter((id) => own?.includes(id) !== true);
      // Neither waits for the other, and one that cannot be healed keeps nobody else ill.
      const healed = await Promise.allSettled([processes.heal(own), others?.length === 0 ? undefined : links.heal(others)]);
      const failed = healed.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    active: async () => [...(await links.active()), ...processes.active],
    renew: async () => {
      processes.renew();
      await links.renew();
    },
  };
}
