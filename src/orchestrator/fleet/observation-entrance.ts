/**
 * Where a run takes what its agents have observed: at a port of its own, or out of the folder or the store into which they put it. What a reader gets wrong: a way that
 * nothing comes by is found out before the first fault, because afterwards the run could judge nothing.
 */
import { stat } from 'node:fs/promises';
import { type Clock, sleep } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import { listed } from '../../core/suggest.js';
import type { Observation } from '../../journal/observations.js';
import type { Batch, StreamName } from './batch.js';
import { BatchCollector, clearFolder, type FetchBatch, fetchFromFolder, fetchFromStore } from './batch-collector.js';
import type { ClockEstimate, RoundTrip } from './clock-offset.js';
import { IngestServer } from './ingest-server.js';
import { ObservationIntake } from './observation-intake.js';
import { destinationOf, type ObservationRoute } from './observation-route.js';
import type { Orders } from './orders.js';

/** Agents say after half of it that they cannot hand in anything. */
const OPEN_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

export interface EntrancePorts {
  clock: Clock;
  run: string;
  route: ObservationRoute;
  /** Where agents reach this machine. */
  host: string;
  offsetOf(agent: string): ClockEstimate | undefined;
  fold(agent: string, observation: Observation): readonly Observation[];
  onRoundTrip(agent: string, trip: RoundTrip): void;
  /** Those that agents have said they write. */
  streams(): readonly StreamName[];
  say(text: string): void;
}

export class ObservationEntrance implements AsyncDisposable {
  readonly intake: ObservationIntake;
  readonly #ports: EntrancePorts;
  #ingest: Orders['ingest'];
  #source: AsyncDisposable | undefined;
  /** Why something could not be taken, as it was said last. */
  #problem: string | undefined;

  private constructor(ports: EntrancePorts) {
    const { clock, run, offsetOf, fold } = ports;
    this.#ports = ports;
    this.intake = new ObservationIntake({ clock, run, offsetOf, fold });
  }

  /** Rejects with LISTEN_FAILED, or OBSERVATIONS_STUCK where the folder is not here. */
  static async open(ports: EntrancePorts): Promise<ObservationEntrance> {
    const entrance = new ObservationEntrance(ports);
    await entrance.#open();
    return entrance;
  }

  /** What agents are told of it. */
  get ingest(): Orders['ingest'] {
    return this.#ingest;
  }

  /** Waits until something has come from each of these. Rejects with OBSERVATIONS_STUCK, in ten seconds at the latest. */
  async heardFrom(agents: readonly string[]): Promise<void> {
    const { clock, route } = this.#ports;
    const giveUpMs = clock.nowMs() + OPEN_WITHIN_MS;
    const silent = (): readonly string[] => {
      const heard = new Set(this.intake.streams().map(({ agent }) => agent));
      return agents.filter((agent) => !heard.has(agent));
    };
    while (silent().length > 0) {
      if (clock.nowMs() >= giveUpMs)
        throw new LabError('OBSERVATIONS_STUCK', {
          agents: listed(silent()),
          way: route.kind,
          reason: this.#problem ?? 'nothing has come',
        });
      await sleep(clock, LOOK_EVERY_MS);
    }
  }

  /** What agents have put into a folder goes, unless something of it has not been taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source?.[Symbol.asyncDispose]();
    const { route, run, say } = this.#ports;
    if (route.kind !== 'folder' || !this.intake.streams().every(({ hasEnded }) => hasEnded)) return;
    const onFailure = (error: unknown): void => say(`what agents have put into ${route.folder} stays there: ${reasonOf(error)}`);
    await clearFolder(route.folder, run).catch(onFailure);
  }

  async #open(): Promise<void> {
    const { clock, host, route, onRoundTrip } = this.#ports;
    switch (route.kind) {
      case 'direct': {
        const take = (batch: Batch) => this.intake.take(batch);
        const server = new IngestServer({ clock, take, onRoundTrip, onError: (error) => this.#note(error) });
        this.#source = server;
        this.#ingest = { url: `http://${host}:${await server.listen({ host })}`, token: server.token };
        return;
      }
      case 'folder':
        await requireFolder(route.folder);
        this.#collect(fetchFromFolder(route.folder), destinationOf(route));
        return;
      case 'store':
        this.#collect(fetchFromStore(route), destinationOf(route));
    }
  }

  #collect(fetch: FetchBatch, ingest: NonNullable<Orders['ingest']>): void {
    const { clock, streams } = this.#ports;
    this.#ingest = ingest;
    const take = (batch: Batch) => this.intake.take(batch);
    this.#source = new BatchCollector({ clock, fetch, streams, take, onFailure: (error) => this.#note(error) });
  }

  #note(error: unknown): void {
    // Until some of it has been read there is no room for more: that is no news.
    if (error instanceof LabError && error.code === 'BOUND_REACHED') return;
    const problem = reasonOf(error);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#ports.say(`what an agent sent could not be taken: ${problem}`);
  }
}

async function requireFolder(folder: string): Promise<void> {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere)
    throw new LabError('OBSERVATIONS_STUCK', {
      agents: 'any agent',
      way: 'folder',
      reason: `there is no folder ${folder} on this machine`,
    });
}
