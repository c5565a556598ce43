/**
 * The connection to the daemon for as long as the page is open: a snapshot, then the stream from there. It reconnects by itself where it left off,
 * takes a new snapshot where that cannot be, and says how it stands. What comes is handed on in batches, one a frame, however much it is.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { LiveSnapshot } from '../../../../src/control/live/contract.js';
import type { FeedStatus } from '../state/live.js';
import type { LiveMessage } from '../state/model.js';

export interface FeedPorts {
  /** Asks a route of the daemon; rejects with an error whose `code` may be `TOKEN_NEEDED`. */
  send: (path: string, options: { signal: AbortSignal }) => Promise<Response>;
  /** Since 1970. */
  nowMs: () => number;
  /** Resolves after that time, or at once when aborted. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Calls back before the next picture is drawn; in a hidden tab within about a second. */
  nextFrame: (callback: () => void) => void;
}
export interface FeedListener {
  onSnapshot: (snapshot: LiveSnapshot) => void;
  onMessages: (messages: readonly LiveMessage[]) => void;
  onStatus: (status: FeedStatus) => void;
}

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;
/** The daemon says something every second: after this long the connection is dead, whatever it looks like. */
const SILENT_MS_MAX = 10_000;
/** Messages that wait for a frame. Beyond it they are handed on at once, so that a tab in the background keeps no pile. */
const QUEUED_MAX = 20_000;
const KNOWN: Readonly<Record<LiveMessage['event'], true>> = {
  second: true,
  journal: true,
  run: true,
  state: true,
  fault: true,
  verdicts: true,
  fleet: true,
  gap: true,
};

export class LiveFeed {
  readonly #ports: FeedPorts;
  readonly #listener: FeedListener;
  readonly #over = new AbortController();
  #place: { boot: string; seq: number } | undefined;
  #queue: LiveMessage[] = [];
  #heardMs: number;
  #failures = 0;

  constructor(ports: FeedPorts, listener: FeedListener) {
    this.#ports = ports;
    this.#listener = listener;
    this.#heardMs = ports.nowMs();
  }

  /** Resolves when it was stopped. Whatever goes wrong is tried again. */
  async run(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        await this.#connect();
      } catch (error) {
        await this.#pause(error);
      }
    }
  }

  stop(): void {
    this.#over.abort();
  }

  async #connect(): Promise<void> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, attempt.signal]);
    try {
      this.#place ??= await this.#snapshot(signal);
      const { boot, seq } = this.#place;
      const path = `/v1/live/stream?boot=${encodeURIComponent(boot)}&after=${seq}`;
      const response = await this.#ports.send(path, { signal });
      if (response.body === null) throw new Error('the stream has no body');
      void this.#watch(attempt, signal);
      await this.#read(response.body);
    } finally {
      attempt.abort();
    }
    if (this.#place !== undefined) throw new Error('the stream ended');
  }

  async #snapshot(signal: AbortSignal): Promise<{ boot: string; seq: number }> {
    const response = await this.#ports.send('/v1/live', { signal });
    const snapshot = (await response.json()) as LiveSnapshot;
    // What waits for a frame is older than the snapshot.
    this.#queue = [];
    this.#heard();
    this.#listener.onSnapshot(snapshot);
    return { boot: snapshot.boot, seq: snapshot.seq };
  }

  /** Ends the attempt when nothing comes any more: a connection through a sleeping machine never says so itself. */
  async #watch(attempt: AbortController, signal: AbortSignal): Promise<void> {
    this.#heardMs = this.#ports.nowMs();
    while (!signal.aborted) {
      const silentMs = this.#ports.nowMs() - this.#heardMs;
      if (silentMs >= SILENT_MS_MAX) attempt.abort(new Error(`nothing came for ${Math.round(silentMs / 1_000)} s`));
      else await this.#ports.wait(SILENT_MS_MAX - silentMs, signal);
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({ onEvent: (event) => this.#take(event) });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      this.#heard();
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      if (this.#place === undefined) return reader.cancel();
    }
  }

  #take({ event = '', id, data }: EventSourceMessage): void {
    if (this.#place === undefined || !Object.hasOwn(KNOWN, event)) return;
    if (event === 'gap') {
      this.#place = undefined;
      return;
    }
    const seq = Number(id);
    if (Number.isSafeInteger(seq)) this.#place.seq = seq;
    this.#queue.push({ event, data: JSON.parse(data) } as LiveMessage);
    if (this.#queue.length === 1) this.#ports.nextFrame(() => this.#flush());
    if (this.#queue.length >= QUEUED_MAX) this.#flush();
  }

  #flush(): void {
    if (this.#queue.length === 0) return;
    const messages = this.#queue;
    this.#queue = [];
    this.#listener.onMessages(messages);
  }

  #heard(): void {
    this.#heardMs = this.#ports.nowMs();
    this.#failures = 0;
    this.#listener.onStatus({ kind: 'live', heardMs: this.#heardMs });
  }

  /** Longer each time, so that a daemon that starts again is not run down by its pages. */
  async #pause(error: unknown): Promise<void> {
    if (this.#over.signal.aborted) return;
    // Lines that cannot be read would come again: what follows them is only in a new snapshot.
    if (error instanceof SyntaxError) this.#place = undefined;
    const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.#failures);
    this.#failures += 1;
    if (isTokenNeeded(error)) this.#listener.onStatus({ kind: 'tokenNeeded' });
    else {
      const reason = error instanceof Error ? error.message : String(error);
      this.#listener.onStatus({ kind: 'stale', sinceMs: this.#heardMs, retryMs: this.#ports.nowMs() + waitMs, reason });
    }
    await this.#ports.wait(waitMs, this.#over.signal);
  }
}

function isTokenNeeded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'TOKEN_NEEDED';
}
