/**
 * Faults on processes that people ask for while a run goes on. The run does them like its own, with the intent on disk first and healed with the rest; what
 * keeps their leases towards the person is the daemon, which says when one is to end. A refusal is news for the journal and never the run's failure.
 */
import { LabError, reasonOf } from '../core/errors.js';
import { faultSpecSchema } from '../dataplane/faults/spec.js';
import type { Plan } from '../experiment/plan.js';
import type { NewEvent, RecordedLink } from '../journal/events.js';
import { type FaultChange, isFaultEnd, type PersonWord } from '../journal/observations.js';
import type { Faults } from './drivers/driver.js';

/** However often it is renewed. */
const BY_HAND_MAX = '1h';

export type HandWord = Extract<PersonWord, { kind: 'beginByHand' | 'endByHand' }>;
type Begin = Extract<HandWord, { kind: 'beginByHand' }>;
type Links = readonly Pick<RecordedLink, 'name' | 'to'>[];

export interface HandFaultPorts {
  plan: Pick<Plan, 'links' | 'recorded'>;
  journal: { append(event: NewEvent): void; appendDurably(event: NewEvent): Promise<void> };
  faults(): Pick<Faults, 'inject' | 'heal'>;
  /** Whether the run has started that instance itself. */
  isOwn(instance: string): boolean;
}

export class HandFaults {
  readonly #ports: HandFaultPorts;
  readonly #asked = new Map<string, Begin & { endsAs?: 'healed' | 'expired' }>();
  #isOpen = true;

  constructor(ports: HandFaultPorts) {
    this.#ports = ports;
  }

  /** Never rejects. */
  async heed(word: HandWord): Promise<void> {
    if (word.kind === 'beginByHand') await this.#begin(word);
    else await this.#end(word);
  }

  /** From now on nothing is put on any more: the run heals, and must not be overtaken. */
  close(): void {
    this.#isOpen = false;
  }

  /** What is told of a fault that people asked for, with whose it is. */
  signed(change: FaultChange): FaultChange {
    const asked = this.#asked.get(change.fault);
    if (asked === undefined) return change;
    const { by, performs, instances: on, endsAs } = asked;
    if (isFaultEnd(change.change)) this.#asked.delete(change.fault);
    return { ...change, change: change.change === 'healed' ? (endsAs ?? 'healed') : change.change, byHand: { by, performs, on } };
  }

  async #begin(word: Begin): Promise<void> {
    const { fault, performs: type, value, instances } = word;
    const { journal, faults, plan } = this.#ports;
    try {
      this.#refuse(instances);
      this.#asked.set(fault, word);
      await journal.appendDurably({ ...handEvent(word, plan.links), change: 'intended' });
      const percentage = plan.recorded.isDry ? 0 : 100;
      await faults().inject([
        faultSpecSchema.parse({ id: fault, type, value, proxies: [...instances], percentage, duration: BY_HAND_MAX }),
      ]);
    } catch (error) {
      this.#asked.delete(fault);
      journal.append({ ...handEvent(word, plan.links), change: 'refused', reason: reasonOf(error) });
    }
  }

  async #end({ fault, reason }: Extract<HandWord, { kind: 'endByHand' }>): Promise<void> {
    const asked = this.#asked.get(fault);
    if (asked === undefined) return;
    asked.endsAs = reason;
    // What cannot be healed now is healed with the rest, and that is confirmed.
    await this.#ports
      .faults()
      .heal([fault])
      .catch(() => {});
  }

  #refuse(instances: readonly string[]): void {
    const { plan, isOwn } = this.#ports;
    if (!this.#isOpen) throw new LabError('BY_HAND_REFUSED', { reason: 'the run heals: its faults are over' });
    for (const name of instances) {
      if (!isOwn(name)) throw new LabError('BY_HAND_REFUSED', { reason: `${name} is no process that this run has started` });
      if (plan.links.some((link) => link.protected && (link.from === name || link.to === name)))
        throw new LabError('BY_HAND_REFUSED', { reason: `${name} is at a protected link` });
    }
  }
}

/** As the journal has it, but for what became of it. */
function handEvent({ fault, by, performs, instances }: Begin, links: Links) {
  return { type: 'handFault', fault, by, performs, links: linksTo(instances, links), processes: instances } as const;
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
  const where = counted === 'processes' ? { links: linksTo(on, links), processes: on } : { links: on };
  const level = { ...(isOn !== undefined && { isOn }), ...(percentage !== undefined && { percentage }) };
  const counts = isFaultEnd(change) ? { matched, applied } : {};
  return { type: 'handFault', fault, change, by, performs, atMs, ...where, ...level, ...counts };
}
