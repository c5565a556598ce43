/**
 * Observations of all agents of a run, as one stream for whoever reads it: put on our clock, each once, what is missing counted. What a reader gets wrong: an agent
 * that is not heard of loses nothing here. It keeps what it has until there is room, so a full intake sends it away instead of forgetting.
 */
import type { Clock } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { OBSERVATIONS_MAX, type ObservationPage, ObservationRing } from '../../dataplane/observation-ring.js';
import type { Observation } from '../../journal/observations.js';
import type { Batch, BatchHead } from './batch.js';
import type { ClockEstimate } from './clock-offset.js';
import { shiftObservation } from './read-observation.js';
import { StreamIntake } from './stream-intake.js';

/** At so many that nobody has read, batches are sent away until somebody has. */
const UNREAD_MAX = OBSERVATIONS_MAX / 2;
const PAGE_MAX = 5_000;
/** An agent that starts again and again has one stream for each time. */
const STREAMS_MAX = 20_000;

export interface IntakePorts {
  clock: Clock;
  run: string;
  /** Of the clock of an agent against ours; undefined: nobody knows, and its times are taken as they are. */
  offsetOf(agent: string): ClockEstimate | undefined;
  /** What is told of what an agent has observed, on our clock already; all of it if left out. */
  fold?(agent: string, observation: Observation): readonly Observation[];
}

/** What is known of one agent's stream. */
export interface StreamState {
  agent: string;
  stream: string;
  /** Observations that came. */
  taken: number;
  lost: number;
  hasEnded: boolean;
  /** When something of it came last, by our clock. */
  heardMs: number;
}

interface Stream {
  agent: string;
  stream: string;
  intake: StreamIntake;
  heardMs: number;
}

export class ObservationIntake {
  readonly #ports: IntakePorts;
  readonly #ring: ObservationRing;
  readonly #streams = new Map<string, Stream>();
  #read = 0;
  /** Losses that no page has told of. */
  #untold = 0;

  constructor(ports: IntakePorts) {
    this.#ports = ports;
    this.#ring = new ObservationRing(ports.clock);
  }

  /** Says which observation of the stream comes next. Throws REQUEST_INVALID (another run's), and BOUND_REACHED where it is to come again later. */
  take(batch: Batch): { next: number } {
    const { head } = batch;
    if (head.run !== this.#ports.run)
      throw new LabError('REQUEST_INVALID', { problems: `this is run ${this.#ports.run}, not ${head.run}` });
    if (this.#ring.newest - this.#read > UNREAD_MAX)
      throw new LabError('BOUND_REACHED', { what: 'observations that wait to be written down', max: UNREAD_MAX });
    const stream = this.#streamOf(head);
    const { intake } = stream;
    stream.heardMs = this.#ports.clock.nowMs();
    const lostBefore = intake.lost;
    const offsetMs = this.#ports.offsetOf(head.agent)?.offsetMs ?? 0;
    const { fold = (_agent, observation) => [observation] } = this.#ports;
    for (const observation of intake.take(batch)) this.push(fold(head.agent, shiftObservation(observation, offsetMs)));
    this.#untold += intake.lost - lostBefore;
    return { next: intake.next };
  }

  /** What was observed elsewhere goes the same way. */
  push(observations: readonly Observation[]): void {
    for (const observation of observations) this.#ring.push(observation);
  }

  /** Counts what agents never sent and never will. */
  lose(count: number): void {
    this.#untold += count;
  }

  streams(): readonly StreamState[] {
    return [...this.#streams.values()].map(({ agent, stream, intake, heardMs }) => ({
      agent,
      stream,
      taken: intake.next - 1 - intake.lost,
      lost: intake.lost,
      hasEnded: intake.hasEnded,
      heardMs,
    }));
  }

  /** As a driver's `observations`; `lost` is what agents lost since the page before. */
  async observations({ after, waitMs, signal }: { after: number; waitMs: number; signal: AbortSignal }): Promise<ObservationPage> {
    this.#read = after;
    const page = await this.#ring.readOrWait({ after, max: PAGE_MAX, waitMs, signal });
    const untold = this.#untold;
    this.#untold = 0;
    return { ...page, lost: page.lost + untold };
  }

  #streamOf({ agent, stream }: BatchHead): Stream {
    const key = `${agent}/${stream}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    if (this.#streams.size >= STREAMS_MAX) throw new LabError('BOUND_REACHED', { what: 'streams of agents', max: STREAMS_MAX });
    const fresh: Stream = { agent, stream, intake: new StreamIntake(), heardMs: 0 };
    this.#streams.set(key, fresh);
    return fresh;
  }
}
