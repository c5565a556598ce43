/**
 * One scenario of a load: asks its model when the next request is due, sends each when it is, and reports every one of them exactly once. Requests
 * that are late because this process was busy leave together, each with its own intended start.
 */
import type { Clock, Timer } from '../../core/clock.js';
import { type Exchange, LOAD, linkName } from '../../journal/observations.js';
import { expectsText, judgeAnswer } from '../probes/answer-expectation.js';
import { isMarked } from '../probes/answer-marker.js';
import type { LoadFigures } from './load-figures.js';
import { createLoadNotes, type LoadNotes } from './load-notes.js';
import type { LoadConfig, LoadScenario } from './load-protocol.js';
import { loadModels } from './models/catalog.js';
import type { Arrivals } from './models/load-model.js';
import { createRequestMaker, type MadeRequest } from './request-maker.js';
import { type Row, rowChooser } from './rows.js';
import type { Outcome, Sender } from './sender.js';

/** As long as an exchange's path may be. */
const PATH_CHARACTERS_MAX = 512;

export interface ScenarioPorts {
  readonly clock: Clock;
  readonly sender: Sender;
  readonly figures: LoadFigures;
  readonly onExchange: (exchange: Exchange) => void;
  /** The ordinal of the next exchange on the link to an instance; scenarios share the links. */
  readonly nextOrdinal: (instance: string) => number;
}

/** A request that is due, before anything is known of its end. */
interface Due {
  readonly target: LoadScenario['targets'][number];
  readonly request: MadeRequest;
  /** Intended start. */
  readonly startMs: number;
  readonly ordinal: number;
}

type State = { kind: 'running' } | { kind: 'paused'; sinceMs: number } | { kind: 'stopped' };

export class ScenarioLoop {
  readonly #ports: ScenarioPorts;
  readonly #scenario: LoadScenario;
  readonly #inFlightMax: number;
  readonly #arrivals: Arrivals;
  readonly #make: (ordinal: number) => MadeRequest;
  readonly #notes: LoadNotes;
  /** The instant at which the load's own clock would have stood at 0, had it never been paused. */
  #originMs: number;
  #state: State = { kind: 'running' };
  #timer: Timer | undefined;
  /** When the timer fires, by the load's own clock. */
  #armedMs = Number.NaN;
  #next = 0;

  /** Starts at `startMs`. */
  constructor(ports: ScenarioPorts, given: { scenario: LoadScenario; rows: readonly Row[]; config: LoadConfig; startMs: number }) {
    const { scenario, rows, config, startMs } = given;
    this.#ports = ports;
    this.#scenario = scenario;
    this.#inFlightMax = config.inFlightMax;
    this.#originMs = startMs;
    const model = loadModels.get(scenario.model.name);
    if (model === undefined) throw new Error(`there is no load model ${scenario.model.name}`);
    // Checked by its own schema when the plan was made.
    this.#arrivals = model.open(scenario.model.params as never);
    const [seed, { name, requests, data }] = [config.seed, scenario];
    const rowOf = data && rowChooser(rows, { order: data.order, seed, scenario: name });
    this.#make = createRequestMaker({ seed, scenario: name, requests, ...(rowOf && { rowOf }) });
    this.#notes = createLoadNotes(config.observe);
    this.#wait();
  }

  get name(): string {
    return this.#scenario.name;
  }

  /** Sends nothing more. */
  stop(): void {
    this.#state = { kind: 'stopped' };
    this.#disarm();
  }

  /** Sends nothing until it goes on; what would have fallen due meanwhile never does, and stages wait. */
  pause(): void {
    if (this.#state.kind !== 'running') return;
    this.#state = { kind: 'paused', sinceMs: this.#ports.clock.nowMs() };
    this.#disarm();
  }

  resume(): void {
    if (this.#state.kind !== 'paused') return;
    this.#originMs += this.#ports.clock.nowMs() - this.#state.sinceMs;
    this.#state = { kind: 'running' };
    this.#wait();
  }

  /** Requests per second, or users: what the model counts. */
  setLevel(level: number): void {
    this.#arrivals.setLevel({ atMs: Math.max(0, this.#loadMs()), level });
    this.#wait();
  }

  /** By the load's own clock. */
  #loadMs(): number {
    const { kind } = this.#state;
    return (kind === 'paused' ? this.#state.sinceMs : this.#ports.clock.nowMs()) - this.#originMs;
  }

  #wait(): void {
    if (this.#state.kind !== 'running') return;
    const nextMs = this.#arrivals.nextMs();
    if (nextMs === this.#armedMs) return;
    this.#disarm();
    if (!Number.isFinite(nextMs)) return;
    this.#armedMs = nextMs;
    // Whole milliseconds: waiting for fractions would spin a core that the system under test needs. Late by up to 1 ms, never early.
    const delayMs = Math.max(0, Math.ceil(nextMs - this.#loadMs()));
    this.#timer = this.#ports.clock.after(delayMs, () => this.#sendDue());
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#armedMs = Number.NaN;
  }

  #sendDue(): void {
    this.#disarm();
    if (this.#state.kind !== 'running') return;
    for (let nextMs = this.#arrivals.nextMs(); nextMs <= this.#loadMs(); nextMs = this.#arrivals.nextMs()) {
      this.#arrivals.take();
      this.#send(this.#next, this.#originMs + nextMs);
      this.#next += 1;
    }
    this.#wait();
  }

  #send(ordinal: number, startMs: number): void {
    const { clock, sender, figures, nextOrdinal } = this.#ports;
    const { targets } = this.#scenario;
    const target = targets[ordinal % targets.length];
    if (target === undefined) return;
    const due: Due = { target, request: this.#make(ordinal), startMs, ordinal: nextOrdinal(target.instance) };
    const nowMs = clock.nowMs();
    if (sender.inFlight >= this.#inFlightMax) {
      figures.notSent();
      this.#report(due, { end: 'timeout', endMs: nowMs, bytesDown: 0, text: '', headers: {} });
      return;
    }
    figures.sent(nowMs - startMs);
    const { expect, standIn } = due.request;
    const withText = expectsText(expect) || standIn?.body !== undefined;
    sender.send({ address: target.address, request: due.request, startMs, withText }, (outcome) => {
      this.#report(due, outcome);
      this.#wait();
    });
  }

  #report({ target, request, startMs, ordinal }: Due, { text, headers, ...outcome }: Outcome): void {
    const exchange: Exchange = {
      kind: 'exchange',
      link: linkName(LOAD, target.instance),
      from: LOAD,
      to: target.instance,
      // undici does not tell which connection carried a request: all of them stand under one number, and the ordinal tells them apart.
      connection: 1,
      ordinal,
      method: request.method,
      path: request.path.slice(0, PATH_CHARACTERS_MAX),
      route: request.route,
      token: request.token,
      startMs,
      ...this.#notes(request, headers),
      bytesUp: request.body === undefined ? 0 : Buffer.byteLength(request.body),
      ...(request.expect && { expectation: judgeAnswer(request.expect, { startMs, ...outcome }, text) }),
      ...(request.standIn && isMarked(request.standIn, { ...outcome, headers }, text) && { isStandIn: true }),
      ...outcome,
    };
    this.#arrivals.ended({ atMs: outcome.endMs - this.#originMs, isFailure: outcome.end !== 'complete' });
    this.#ports.figures.ended(exchange);
    this.#ports.onExchange(exchange);
  }
}
