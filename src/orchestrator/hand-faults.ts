/**
 * Faults that people ask for while a run goes on, and that only the run can do: on processes, and on links that hosts of a fleet carry. It does them like its own,
 * with the intent on disk first and healed with the rest; what keeps their leases towards the person is the daemon, which says when one is to end. A refusal is
 * news for the journal and never the run's failure.
 */
import { LabError, reasonOf } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import { faults as catalog } from '../dataplane/faults/catalog.js';
import { type FaultSpec, faultSpecSchema } from '../dataplane/faults/spec.js';
import type { Plan } from '../experiment/plan.js';
import type { NewEvent, RecordedLink } from '../journal/events.js';
import { type FaultChange, isFaultEnd, type PersonWord } from '../journal/observations.js';
import type { Faults } from './drivers/driver.js';

/** However often it is renewed. */
const BY_HAND_MAX = '1h';
const HEALS = 'the run heals: its faults are over';

export type HandWord = Extract<PersonWord, { kind: 'beginByHand' | 'endByHand' }>;
type Begin = Extract<HandWord, { kind: 'beginByHand' }>;
type Asked = Begin & {
  endsAs?: 'healed' | 'expired';
  /** Set as soon as it is being put on. */
  injected?: Promise<void>;
};
type Links = readonly Pick<RecordedLink, 'name' | 'to'>[];
type Where = { links: readonly string[]; processes?: readonly string[] };

export interface HandFaultPorts {
  plan: Pick<Plan, 'links' | 'services' | 'recorded'>;
  journal: { append(event: NewEvent): void; appendDurably(event: NewEvent): Promise<void> };
  faults(): Pick<Faults, 'inject' | 'heal'>;
  /** Whether the run has started that instance itself. */
  isOwn(instance: string): boolean;
}

export class HandFaults {
  readonly #ports: HandFaultPorts;
  readonly #asked = new Map<string, Asked>();
  /** Those that are being put on just now. */
  readonly #underWay = new Set<Promise<void>>();
  #isOpen = true;

  constructor(ports: HandFaultPorts) {
    this.#ports = ports;
  }

  /** Never rejects. */
  async heed(word: HandWord): Promise<void> {
    if (word.kind === 'beginByHand') await this.#begin(word);
    else await this.#end(word);
  }

  /**
   * From now on nothing is put on any more: the run heals, and must not be overtaken. Resolves when what was being put on is on, or refused; what is still being
   * written down is not waited for, for it is refused when it is on disk.
   */
  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#underWay);
  }

  /** What is told of a fault that people asked for, with whose it is. */
  signed(change: FaultChange): FaultChange {
    const asked = this.#asked.get(change.fault);
    if (asked === undefined) return change;
    const { by, performs, on, endsAs } = asked;
    if (isFaultEnd(change.change)) this.#asked.delete(change.fault);
    return { ...change, change: change.change === 'healed' ? (endsAs ?? 'healed') : change.change, byHand: { by, performs, on } };
  }

  async #begin(word: Begin): Promise<void> {
    const { fault, spec } = word;
    const { journal, plan } = this.#ports;
    const asked: Asked = { ...word };
    try {
      this.#refuse(word);
      // The lease that was asked for is between the person and the daemon; towards whoever performs it the run has its own.
      const wanted = faultSpecSchema.parse({ ...spec, lease: undefined, duration: BY_HAND_MAX });
      this.#asked.set(fault, asked);
      await journal.appendDurably({ ...handEvent(word, plan.links), change: 'intended' });
      // While it was being written the run may have begun to heal, or somebody may have ended it.
      if (!this.#isOpen) throw refused(HEALS);
      if (asked.endsAs !== undefined) throw refused('it was ended before it was on');
      await this.#inject(asked, plan.recorded.isDry ? { ...wanted, percentage: 0 } : wanted);
    } catch (error) {
      // Another of that name, which is why this one may have been refused, stays known.
      if (this.#asked.get(fault) === asked) this.#asked.delete(fault);
      journal.append({ ...handEvent(word, plan.links), change: 'refused', reason: reasonOf(error) });
    }
  }

  async #inject(asked: Asked, wanted: FaultSpec): Promise<void> {
    const injected = this.#ports.faults().inject([wanted]);
    asked.injected = injected;
    this.#underWay.add(injected);
    try {
      await injected;
    } finally {
      this.#underWay.delete(injected);
    }
  }

  async #end({ fault, reason }: Extract<HandWord, { kind: 'endByHand' }>): Promise<void> {
    const asked = this.#asked.get(fault);
    if (asked === undefined) return;
    asked.endsAs = reason;
    // What is not being put on yet never is; what is can only be healed when it is on.
    if (asked.injected === undefined) return;
    await asked.injected.catch(() => {});
    if (this.#asked.get(fault) !== asked) return;
    // What cannot be healed now is healed with the rest, and that is confirmed.
    await this.#ports
      .faults()
      .heal([fault])
      .catch(() => {});
  }

  #refuse({ fault, performs, on }: Begin): void {
    const { plan } = this.#ports;
    if (!this.#isOpen) throw refused(HEALS);
    if (this.#asked.has(fault)) throw refused(`a fault named "${fault}" was asked for before, and has not ended yet`);
    for (const name of on) {
      if (isOnProcesses(performs)) this.#refuseProcess(name, performs);
      const isNear = ({ name: link, from, to }: RecordedLink): boolean =>
        isOnProcesses(performs) ? from === name || to === name : link === name;
      if (plan.links.some((link) => link.protected && isNear(link)))
        throw refused(isOnProcesses(performs) ? `${name} is at a protected link` : `${name} is protected`);
    }
  }

  #refuseProcess(name: string, type: string): void {
    const { plan, isOwn } = this.#ports;
    if (!isOwn(name))
      throw refused(`${name} is no process that this run has started; a step of a plan may pause it, where its service accepts that`);
    const service = plan.services.find(({ instances }) => instances.some((instance) => instance.name === name));
    if (service?.accepts?.includes(type) === false)
      throw refused(`${service.name} does not accept ${type}; it accepts: ${listed(service.accepts)}`);
  }
}

function refused(reason: string): LabError {
  return new LabError('BY_HAND_REFUSED', { reason });
}

function isOnProcesses(type: string): boolean {
  return catalog.get(type)?.protocol === 'process';
}

/** As the journal has it, but for what became of it. */
function handEvent({ fault, by, performs, on }: Begin, links: Links) {
  return { type: 'handFault', fault, by, performs, ...whereOf(on, { isOnProcesses: isOnProcesses(performs), links }) } as const;
}

function whereOf(on: readonly string[], { isOnProcesses: isThere, links }: { isOnProcesses: boolean; links: Links }): Where {
  return isThere ? { links: linksTo(on, links), processes: on } : { links: on };
}

function linksTo(instances: readonly string[], links: Links): readonly string[] {
  return links.filter(({ to }) => instances.includes(to)).map(({ name }) => name);
}

/** What the journal says of a change of a fault by hand. Those on processes are known by what was counted. */
export function handEventOf(
  { fault, change, atMs, isOn, percentage, counted, matched, appliedCount: applied }: FaultChange,
  { by, performs, on }: NonNullable<FaultChange['byHand']>,
  links: Links,
): NewEvent {
  const where = whereOf(on, { isOnProcesses: counted === 'processes', links });
  const level = { ...(isOn !== undefined && { isOn }), ...(percentage !== undefined && { percentage }) };
  const counts = isFaultEnd(change) ? { matched, applied } : {};
  return { type: 'handFault', fault, change, by, performs, atMs, ...where, ...level, ...counts };
}
