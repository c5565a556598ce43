/**
 * Chaos by hand: faults that a person puts on beside whatever run holds the daemon. Those on its own links are put on here; those on processes, and on links that
 * hosts of a fleet carry, are asked of the run, which alone reaches them, and what became of them stands in its journal. Each has a lease that whoever asked
 * renews, so none outlives the page it came from.
 */
import { z } from 'zod';
import type { Timer } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';
import type { Daemon } from '../dataplane/daemon.js';
import type { FaultStatus } from '../dataplane/fault-status.js';
import { faults as catalog } from '../dataplane/faults/catalog.js';
import { BY_HAND, type FaultSpec, faultChangeSchema, faultSpecSchema } from '../dataplane/faults/spec.js';
import { type FaultPreview, previewFault } from '../dataplane/preview.js';
import type { Exchange } from '../journal/observations.js';
import { faultInput } from '../orchestrator/drivers/fault-input.js';
import type { RunFeed } from './live/run-feed.js';
import { person } from './people-desk.js';

/** Faults that runs are asked for at a time. */
const ASKED_MAX = 100;
/** What a forecast looks back at, and how many observations it reads for that at most. */
const PREVIEW_MS = 10_000;
const PREVIEW_READ_MAX = 50_000;

const by = person.default('somebody').meta({ description: 'who does it' });
const ids = z.array(z.string().min(1).max(200)).min(1).max(1_000);

export const handFaultSchema = z.strictObject({
  by,
  faults: z.array(faultSpecSchema).min(1).max(1_000).meta({ description: 'on processes, `proxies` are instances' }),
});
export const handChangeSchema = faultChangeSchema.pick({ percentage: true, value: true });
export const handRenewSchema = z.strictObject({ faults: ids.meta({ description: 'their ids' }) });
export const previewSchema = z.strictObject({ fault: faultSpecSchema });

/** Whether the run could do it is told in its journal. */
export interface AskedFault {
  id: string;
  by: string;
  type: string;
  /** Instances where it is on processes, links elsewhere. */
  on: readonly string[];
}

interface Asked extends AskedFault {
  run: string;
  leaseMs: number;
  lapse: Timer;
}

export class HandDesk {
  readonly #daemon: Daemon;
  /** What runs tell of themselves; undefined where nobody shows it. */
  readonly #feed: Pick<RunFeed, 'fleetOf'> | undefined;
  readonly #asked = new Map<string, Asked>();

  constructor(daemon: Daemon, feed?: Pick<RunFeed, 'fleetOf'>) {
    this.#daemon = daemon;
    this.#feed = feed;
  }

  /** Those that are on, and those that a run was asked for. */
  get faults(): { faults: readonly FaultStatus[]; asked: readonly AskedFault[] } {
    const asked = [...this.#asked.values()].map(({ id, by: who, type, on }) => ({ id, by: who, type, on }));
    return { faults: this.#daemon.faults().filter((fault) => fault.by !== undefined), asked };
  }

  /**
   * All of those on links are on when it returns, or none is, and nothing is asked of the run. Throws what injecting throws but RUN_ACTIVE, NO_RUN for processes
   * where no run has any, BY_HAND_REFUSED beside a rehearsal, or BOUND_REACHED.
   */
  put({ by: who, faults }: z.output<typeof handFaultSchema>): { faults: readonly FaultStatus[]; asked: readonly AskedFault[] } {
    const { isDry, run: beside } = this.#daemon.status();
    if (isDry) throw new LabError('BY_HAND_REFUSED', { reason: `the run ${beside} is a rehearsal, in which nothing is changed` });
    const ofRun = faults.filter((fault) => this.#isOfRun(fault));
    const onLinks = faults.filter((fault) => !ofRun.includes(fault));
    const run = ofRun.length === 0 ? '' : this.#runFor(ofRun, faults);
    const put = onLinks.length === 0 ? [] : this.#daemon.inject({ run: BY_HAND, by: who, faults: onLinks });
    return { faults: put, asked: ofRun.map((spec) => this.#ask(spec, { run, by: who })) };
  }

  /** Throws FAULT_UNKNOWN, FAULT_OF_PLAN, FAULT_INVALID, HALTED, or BY_HAND_REFUSED for one that a run was asked for. */
  change(id: string, change: z.output<typeof handChangeSchema>): FaultStatus {
    if (this.#asked.has(id)) throw refused('what other hosts have put on is not changed: end it, and put it on anew');
    this.#refuseForeign(id);
    return this.#daemon.update(id, { run: BY_HAND, ...change });
  }

  /** Ends it; one that is gone is no error. Throws FAULT_OF_PLAN. */
  end(id: string): void {
    const asked = this.#asked.get(id);
    if (asked !== undefined) {
      this.#tellEnd(asked, 'healed');
      return;
    }
    if (!this.#daemon.hasFault(id)) return;
    this.#refuseForeign(id);
    this.#daemon.heal({ faults: [id] });
  }

  /** Starts their leases anew, and says which are gone. Throws HALTED. */
  renew(faults: readonly string[]): { gone: readonly string[] } {
    return { gone: faults.filter((id) => !this.#renewOne(id)) };
  }

  /** Throws what putting it on would throw, or BY_HAND_REFUSED for links that another host carries. */
  preview(fault: FaultSpec): FaultPreview & { lookedBackMs: number } {
    if (this.#isElsewhere(fault))
      throw refused('whom it would meet cannot be foretold: that is seen on other hosts, and told here as sums');
    const [admitted] = this.#daemon.admit({ run: BY_HAND, by: BY_HAND, faults: [fault] });
    if (admitted === undefined) throw new Error('one fault was asked for, and none was admitted');
    return { ...previewFault(admitted, this.#recent()), lookedBackMs: PREVIEW_MS };
  }

  #recent(): readonly Exchange[] {
    const { observations, clock } = this.#daemon;
    const sinceMs = clock.nowMs() - PREVIEW_MS;
    const { observations: read } = observations.read(Math.max(0, observations.newest - PREVIEW_READ_MAX), PREVIEW_READ_MAX);
    return read.filter((one) => one.kind === 'exchange').filter(({ endMs }) => endMs >= sinceMs);
  }

  /** This daemon cannot do it, and the run can. */
  #isOfRun(fault: FaultSpec): boolean {
    return catalog.get(fault.type)?.protocol === 'process' || this.#isElsewhere(fault);
  }

  /** On links of which a host of the fleet carries at least one. */
  #isElsewhere({ proxies }: FaultSpec): boolean {
    const { agents = [] } = this.#feed?.fleetOf(this.#daemon.status().run) ?? {};
    return agents.some(({ member }) => member?.links.some((link) => proxies.includes(link)));
  }

  /** The run that is asked. Throws where it need not be asked at all. `beside`: all that is put on with them. */
  #runFor(faults: readonly FaultSpec[], beside: readonly FaultSpec[]): string {
    const { run, halted } = this.#daemon.status();
    if (halted !== null) throw new LabError('HALTED', halted);
    if (run === null) throw new LabError('NO_RUN', {});
    if (this.#asked.size + faults.length > ASKED_MAX)
      throw new LabError('BOUND_REACHED', { what: 'faults by hand that a run was asked for', max: ASKED_MAX });
    for (const { id, type, value } of faults) {
      const isTwice = beside.filter((other) => other.id === id).length > 1;
      // By its name alone it is renewed and ended.
      if (isTwice || this.#asked.has(id) || this.#daemon.hasFault(id)) throw new LabError('FAULT_EXISTS', { fault: id });
      const schema = catalog.get(type)?.schema;
      const problem = schema?.safeParse(value ?? {}).error;
      if (schema !== undefined && problem !== undefined)
        throw new LabError('FAULT_INVALID', { fault: id, problems: explainInLine(problem, { schema, data: value ?? {}, at: ['value'] }) });
    }
    return run;
  }

  #ask(spec: FaultSpec, { run, by: who }: { run: string; by: string }): AskedFault {
    const { id, type, proxies: on, lease: leaseMs } = spec;
    const asked: Asked = { id, by: who, type, on, run, leaseMs, lapse: { cancel: () => {} } };
    this.#asked.set(id, asked);
    this.#arm(asked);
    const { observations, clock } = this.#daemon;
    const word = { run, by: who, atMs: clock.nowMs(), fault: id, performs: type, on, spec: { ...faultInput(spec) } };
    observations.push({ kind: 'beginByHand', ...word });
    return { id, by: who, type, on };
  }

  #renewOne(id: string): boolean {
    const asked = this.#asked.get(id);
    if (asked === undefined) return this.#daemon.hasFault(id) && this.#isByHand(id) && this.#daemon.renewFault(id);
    if (asked.run !== this.#daemon.status().run) {
      this.#forget(asked);
      return false;
    }
    this.#arm(asked);
    return true;
  }

  #arm(asked: Asked): void {
    asked.lapse.cancel();
    asked.lapse = this.#daemon.clock.after(asked.leaseMs, () => this.#tellEnd(asked, 'expired'));
  }

  #forget(asked: Asked): void {
    asked.lapse.cancel();
    this.#asked.delete(asked.id);
  }

  #tellEnd(asked: Asked, reason: 'healed' | 'expired'): void {
    this.#forget(asked);
    const { observations, clock } = this.#daemon;
    observations.push({ kind: 'endByHand', run: asked.run, by: asked.by, atMs: clock.nowMs(), fault: asked.id, reason });
  }

  #isByHand(id: string): boolean {
    return this.#daemon.faults().some((fault) => fault.id === id && fault.by !== undefined);
  }

  #refuseForeign(id: string): void {
    const fault = this.#daemon.faults().find((one) => one.id === id);
    if (fault === undefined) throw new LabError('FAULT_UNKNOWN', { fault: id });
    if (fault.by === undefined) throw new LabError('FAULT_OF_PLAN', { fault: id, run: fault.run });
  }
}

function refused(reason: string): LabError {
  return new LabError('BY_HAND_REFUSED', { reason });
}
