/**
 * Hears what stands in etcd for one agent: what runs want of it, and whether everything is halted. What a reader gets wrong: the watches only make it quick. A watch may die
 * unseen, so all is read anew every few seconds, and what is missing then is told as if its deletion had been heard.
 */
import { type Clock, every, sleep, type Timer } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import type { KeyValue } from '../etcd/answers.js';
import type { EtcdClient } from '../etcd/client.js';
import type { KeyRange } from '../etcd/key-range.js';
import type { FleetKeys } from '../orchestrator/fleet/keys.js';

/** Well before a run loses patience with an agent that has not heard it. */
const READ_EVERY_MS = 4_000;
/** After a failure. */
const RETRY_MS = 500;

export interface HearingPorts {
  clock: Clock;
  client: EtcdClient;
  keys: FleetKeys;
  /** Of the agent. */
  name: string;
  /** May come more than once. */
  onPut(entry: KeyValue): void;
  onGone(key: string): void;
  onProblem(reason: string): void;
}

export class Hearing implements Disposable {
  readonly #ports: HearingPorts;
  readonly #stop = new AbortController();
  /** Keys that are there, as far as was heard. */
  readonly #there = new Set<string>();
  /** Of the newest that a watch has told. */
  #watchedRevision = 0;
  #timer: Timer | undefined;
  #isReading = false;

  private constructor(ports: HearingPorts) {
    this.#ports = ports;
  }

  /** Tells first what is there already. Rejects with what etcd refuses. */
  static async begin(ports: HearingPorts): Promise<Hearing> {
    const hearing = new Hearing(ports);
    const { clock, keys, name } = ports;
    const revision = await hearing.#read();
    hearing.#timer = every(clock, READ_EVERY_MS, () => void hearing.#readAgain());
    void hearing.#watch({ key: keys.desiredOf(name), isPrefix: true }, revision);
    void hearing.#watch({ key: keys.halt }, revision);
    return hearing;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#timer?.cancel();
  }

  /** What happens after that revision; whenever it has to begin anew, after what it reads then. */
  async #watch(range: KeyRange, revision: number): Promise<void> {
    const { client, clock, onProblem } = this.#ports;
    const { signal } = this.#stop;
    for (let read: number | undefined = revision; !signal.aborted; read = undefined) {
      try {
        read ??= await this.#read();
        for await (const message of client.watch({ range, fromRevision: read + 1, signal })) {
          if (message.kind === 'compacted') break;
          this.#watchedRevision = Math.max(this.#watchedRevision, message.revision);
          for (const event of message.events) {
            if (event.kind === 'put') this.#put(event.entry);
            else this.#gone(event.key);
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        onProblem(reasonOf(error));
        // What etcd refuses it refuses at once, and again: all is read now and then meanwhile.
        await sleep(clock, RETRY_MS, signal).catch(() => {});
      }
    }
  }

  async #readAgain(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      await this.#read();
    } catch (error) {
      // An etcd that is away is no news, and what it is not asked it cannot answer: the next time comes soon.
      if (!(error instanceof LabError) && !this.#stop.signal.aborted) this.#ports.onProblem(reasonOf(error));
    } finally {
      this.#isReading = false;
    }
  }

  /** Tells all that there is, and what is there no more; says as of which revision. */
  async #read(): Promise<number> {
    const { client, keys, name } = this.#ports;
    const { read, revision } = await client.txn({
      ops: [
        { op: 'read', key: keys.halt },
        { op: 'read', key: keys.desiredOf(name), isPrefix: true },
      ],
      signal: this.#stop.signal,
    });
    // A watch was quicker: what it told is newer than this, and would be taken back by it.
    if (revision < this.#watchedRevision) return revision;
    const entries = read.flat();
    const found = new Set(entries.map(({ key }) => key));
    for (const key of this.#there) if (!found.has(key)) this.#gone(key);
    for (const entry of entries) this.#put(entry);
    return revision;
  }

  #put(entry: KeyValue): void {
    this.#there.add(entry.key);
    this.#ports.onPut(entry);
  }

  #gone(key: string): void {
    this.#there.delete(key);
    this.#ports.onGone(key);
  }
}
