/**
 * Writes a run's orders and hears what became of them. Orders are written one after the other, each as a whole and only while the run's key is the one that it
 * created, so a run that has slept past its lease can write nothing.
 */
import type { Clock } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { EtcdClient, Op } from '../../etcd/client.js';
import { parseEntry } from './entries.js';
import { type FleetKeys, lastPart } from './keys.js';
import { appliedSchema, ORDERS_BYTES_MAX } from './orders.js';
import { type Member, type Roster, seenIn } from './roster.js';

const TOGETHER_MAX = 60;

export interface OrderDeskPorts {
  clock: Clock;
  client: EtcdClient;
  keys: FleetKeys;
  roster: Roster;
  run: string;
  epoch: number;
  lease: string;
}

export class OrderDesk {
  readonly #ports: OrderDeskPorts;
  #writing: Promise<void> = Promise.resolve();

  constructor(ports: OrderDeskPorts) {
    this.#ports = ports;
  }

  /** Changes what is wanted of these, writes it down, and says as which number each will find it. Rejects with CLAIM_LOST or BOUND_REACHED. */
  async order(
    members: readonly Member[],
    change: (orders: Member['orders'], member: Member) => void,
  ): Promise<ReadonlyMap<Member, number>> {
    const numbers = new Map<Member, number>();
    for (const member of members) {
      change(member.orders, member);
      member.orders.n += 1;
      numbers.set(member, member.orders.n);
    }
    const written = this.#writing.then(() => this.#write(members));
    this.#writing = written.catch(() => {});
    await written;
    return numbers;
  }

  /** Reads anew what a watch would tell, in case one has died unseen. */
  async refresh(): Promise<void> {
    const { client, keys, run, roster } = this.#ports;
    const { read } = await client.txn({
      ops: [
        { op: 'read', key: keys.appliedOf(run), isPrefix: true },
        { op: 'read', key: keys.agents, isPrefix: true },
      ],
    });
    const [applied = [], agents = []] = read;
    for (const entry of applied) roster.heard(parseEntry(appliedSchema, entry));
    const found = new Map(agents.map((entry) => [lastPart(entry.key), seenIn(entry)]));
    for (const { name } of roster.members) roster.seen(name, found.get(name));
  }

  async #write(members: readonly Member[]): Promise<void> {
    const { client, keys, run, epoch, lease } = this.#ports;
    let batch: Op[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      const { held } = await client
        .txn({ conditions: [{ key: keys.run(run), is: 'created', revision: epoch }], ops: batch })
        .catch(lostClaim(run));
      if (!held) throw new LabError('CLAIM_LOST', { run });
      batch = [];
      bytes = 0;
    };
    for (const member of members) {
      member.orderedMs = this.#ports.clock.nowMs();
      const value = JSON.stringify(member.orders);
      if (value.length > ORDERS_BYTES_MAX)
        throw new LabError('BOUND_REACHED', { what: `orders of agent ${member.name}, in bytes`, max: ORDERS_BYTES_MAX });
      if (batch.length === TOGETHER_MAX || bytes + value.length > ORDERS_BYTES_MAX) await flush();
      batch.push({ op: 'put', key: keys.desired(member.name, run), value, lease });
      bytes += value.length;
    }
    await flush();
  }
}

/** A lease that is gone is a claim that is lost. */
function lostClaim(run: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof LabError && error.code === 'LEASE_GONE') throw new LabError('CLAIM_LOST', { run }, { cause: error });
    throw error;
  };
}
