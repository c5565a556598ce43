/**
 * Writes back what became of orders, under the lease of the run that gave them, and only while that run is still the one. One write is on its way at a time;
 * what happens meanwhile is in the next.
 */
import type { Clock } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import type { EtcdClient } from '../etcd/client.js';
import type { Registration } from '../orchestrator/fleet/entries.js';
import type { FleetKeys } from '../orchestrator/fleet/keys.js';
import type { Applied, LeaveReason, Orders } from '../orchestrator/fleet/orders.js';
import type { Tenant } from './tenant.js';

export interface ReporterPorts {
  clock: Clock;
  client: EtcdClient;
  keys: FleetKeys;
  registration: Registration;
}

type Report = Tenant['report'];

/** Between a write that failed and the next try. */
const RETRY_MS = 1_000;

export class Reporter {
  readonly #ports: ReporterPorts;
  readonly #onProblem: (reason: string) => void;
  #orders: Pick<Orders, 'run' | 'epoch' | 'lease'> | undefined;
  #seenMs = 0;
  #left: Applied['left'];
  #next: Report | undefined;
  #isWriting = false;

  constructor(ports: ReporterPorts, onProblem: (reason: string) => void) {
    this.#ports = ports;
    this.#onProblem = onProblem;
  }

  /** From now on it reports to this run. */
  begin({ run, epoch, lease }: Orders, seenMs: number): void {
    this.#orders = { run, epoch, lease };
    this.#left = undefined;
    this.#seenMs = seenMs;
    this.#next = undefined;
  }

  /** Orders came at that instant. */
  saw(atMs: number): void {
    this.#seenMs = atMs;
  }

  report(report: Report): void {
    this.#next = report;
    void this.#write();
  }

  /** The last word: why the run is heard no more. */
  leave(reason: LeaveReason, report: Report): void {
    this.#left ??= { reason, atMs: this.#ports.clock.nowMs() };
    this.report(report);
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      while (this.#next !== undefined && this.#orders !== undefined) {
        const next = this.#next;
        this.#next = undefined;
        await this.#writeOne(next, this.#orders).catch((error: unknown) => this.#tryAgain(next, error));
      }
    } finally {
      this.#isWriting = false;
    }
  }

  /** A run whose lease is gone reads nothing any more; any other failure may be over soon. */
  #tryAgain(report: Report, error: unknown): void {
    if (error instanceof LabError && error.code === 'LEASE_GONE') return;
    this.#onProblem(reasonOf(error));
    const { run } = this.#orders ?? {};
    this.#ports.clock.after(RETRY_MS, () => {
      if (this.#orders?.run === run) this.report(this.#next ?? report);
    });
  }

  async #writeOne(report: Report, { run, epoch, lease }: Pick<Orders, 'run' | 'epoch' | 'lease'>): Promise<void> {
    const { client, clock, keys, registration } = this.#ports;
    const applied: Applied = {
      agent: registration.name,
      epoch,
      ...report,
      seenMs: this.#seenMs,
      writtenMs: clock.nowMs(),
      ...(this.#left && { left: this.#left }),
    };
    const key = keys.applied(run, registration.name);
    await client.txn({
      conditions: [{ key: keys.run(run), is: 'created', revision: epoch }],
      ops: [{ op: 'put', key, value: JSON.stringify(applied), lease }],
    });
  }
}
