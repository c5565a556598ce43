/**
 * Drives an existing Toxiproxy server. It has no leases, no durations and no record: this driver keeps the time of a fault and says when it began
 * and ended; what crosses the wire stays unknown. Names on the server carry the run, and nothing else on it is touched.
 */
import type { Clock, Timer } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import { type ObservationPage, ObservationRing } from '../../dataplane/observation-ring.js';
import type { ProxySpecInput } from '../../dataplane/proxy.js';
import type { FaultChange } from '../../journal/observations.js';
import { faultId } from '../fault-id.js';
import type { Driver, DriverStatus } from './driver.js';
import { type Stream, translate } from './toxics.js';
import { proxyPrefix, ToxiproxyServer } from './toxiproxy-server.js';

/** Beginnings and ends of faults, the only news there are. */
const NEWS_MAX = 10_000;
const PAGE_MAX = 1_000;
/** The server is asked whether it is still there four times as often. */
const SILENCE_MS = 10_000;
/** Ends the name of every toxic of ours. */
const STREAM = /:(?:up|down)stream$/;

interface Injected {
  /** Proxy and toxic of each that was added. */
  toxics: readonly { proxy: string; toxic: string }[];
  timer: Timer | undefined;
}

export class ToxiproxyDriver implements Driver {
  readonly url: string;
  readonly losses = 'nothing is observed there';
  readonly #clock: Clock;
  readonly #server: ToxiproxyServer;
  readonly #news: ObservationRing;
  readonly #faults = new Map<string, Injected>();
  readonly #run: string;

  constructor({ url, clock, run }: { url: string; clock: Clock; run: string }) {
    this.url = url;
    this.#clock = clock;
    this.#run = run;
    this.#server = new ToxiproxyServer(url, clock);
    this.#news = new ObservationRing(clock, NEWS_MAX);
  }

  /** It knows no environment, and does not say which process it is. */
  async status(): Promise<DriverStatus> {
    const version = await this.#server.version();
    return { version, pid: undefined, environment: undefined, halted: null, run: null, newestObservation: this.#news.newest };
  }

  /** Nothing to claim: other runs have proxies of their own there. Renewing only asks whether the server is still there. */
  async claim(run: string): Promise<{ epoch: number; leaseMs: number }> {
    if (run !== this.#run) throw new Error(`this driver was made for ${this.#run}, not for ${run}`);
    await this.#server.version();
    return { epoch: 0, leaseMs: SILENCE_MS };
  }

  async renew(): Promise<void> {
    await this.#server.version();
  }

  async release(): Promise<void> {
    await this.heal();
  }

  async createProxy({ name, listen = '127.0.0.1:0', upstream }: ProxySpecInput): Promise<{ listen: string }> {
    const proxy = await this.#server.createProxy({ name: this.#proxyName(name), listen, upstream });
    return { listen: proxy.listen };
  }

  removeProxy(name: string): Promise<void> {
    return this.#server.removeProxy(this.#proxyName(name));
  }

  async inject(faults: readonly FaultSpec[]): Promise<void> {
    const added: string[] = [];
    try {
      for (const fault of faults) {
        await this.#add(fault);
        added.push(fault.id);
      }
    } catch (error) {
      for (const id of added) await this.#end(id, 'healed');
      throw error;
    }
  }

  /** A server that knows no messages holds none. */
  releaseHeld(): Promise<{ released: number; held: number }> {
    return Promise.resolve({ released: 0, held: 0 });
  }

  async heal(faults?: readonly string[]): Promise<void> {
    for (const id of faults ?? [...this.#faults.keys()]) await this.#end(id, 'healed');
    if (faults !== undefined) return;
    // The server is the truth: also what an interrupted call has left there.
    for (const { name, toxics } of await this.#server.proxies(proxyPrefix(this.#run))) {
      for (const toxic of toxics) await this.#server.removeToxic(name, toxic.name);
    }
  }

  /** Read from the server, and told by the names that whoever injected them knows. */
  async active(): Promise<readonly { id: string }[]> {
    const proxies = await this.#server.proxies(proxyPrefix(this.#run));
    const ids = proxies.flatMap(({ toxics }) => toxics.map(({ name }) => this.#idOf(name)));
    return [...new Set(ids)].map((id) => ({ id }));
  }

  observations({ after, waitMs, signal }: { after: number; waitMs: number; signal: AbortSignal }): Promise<ObservationPage> {
    return this.#news.readOrWait({ after, max: PAGE_MAX, waitMs, signal });
  }

  /** All toxics of one fault, or none. */
  async #add(fault: FaultSpec): Promise<void> {
    const translation = translate(fault);
    if (translation.kind === 'refused') throw new LabError('FAULT_INVALID', { fault: fault.id, problems: translation.reasons.join('; ') });
    if (this.#faults.has(fault.id)) throw new LabError('FAULT_EXISTS', { fault: fault.id });
    const wanted = fault.proxies.flatMap((link) =>
      translation.toxics.map((toxic) => ({ proxy: this.#proxyName(link), toxic, name: toxicName(fault.id, toxic.stream) })),
    );
    const injected: Injected = { toxics: wanted.map(({ proxy, name }) => ({ proxy, toxic: name })), timer: undefined };
    this.#faults.set(fault.id, injected);
    try {
      await Promise.all(wanted.map(({ proxy, toxic, name }) => this.#server.addToxic(proxy, { name, toxic })));
    } catch (error) {
      await this.#removeToxics(injected).catch(() => {});
      this.#faults.delete(fault.id);
      throw error;
    }
    if (fault.duration !== undefined) injected.timer = this.#clock.after(fault.duration, () => this.#expire(fault.id));
    this.#tell(fault.id, 'applied');
  }

  /** A server that does not let go of a toxic is asked again when the run heals, which is soon: its step waits for this. */
  #expire(id: string): void {
    void this.#end(id, 'duration').catch(() => {});
  }

  async #end(id: string, change: FaultChange['change']): Promise<void> {
    const injected = this.#faults.get(id);
    if (injected === undefined) return this.#removeStrays(id);
    injected.timer?.cancel();
    await this.#removeToxics(injected);
    if (this.#faults.delete(id)) this.#tell(id, change);
  }

  /** What an interrupted call has left of a fault is on as much as any other, though nobody is to be told that it ends. */
  async #removeStrays(id: string): Promise<void> {
    const proxies = await this.#server.proxies(proxyPrefix(this.#run));
    const toxics = proxies.flatMap(({ name: proxy, toxics: all }) => all.map((toxic) => ({ proxy, toxic: toxic.name })));
    await this.#removeToxics({ toxics: toxics.filter(({ toxic }) => this.#idOf(toxic) === id) });
  }

  async #removeToxics({ toxics }: Pick<Injected, 'toxics'>): Promise<void> {
    await Promise.all(toxics.map(({ proxy, toxic }) => this.#server.removeToxic(proxy, toxic)));
  }

  /** The counts are unknown; the plan says so, and nobody judges by them. */
  #tell(fault: string, change: FaultChange['change']): void {
    const atMs = this.#clock.nowMs();
    this.#news.push({ kind: 'fault', fault, run: this.#run, change, atMs, matched: 0, appliedCount: 0, skipped: 0 });
  }

  #proxyName(link: string): string {
    return `${proxyPrefix(this.#run)}${link}`;
  }

  /** The fault that a toxic on a proxy of ours belongs to, whichever of its streams it is. */
  #idOf(toxic: string): string {
    return faultId(this.#run, toxic.replace(STREAM, ''));
  }
}

/** `RUN/STEP` → `STEP:downstream`: a slash would end the name in the server's paths. */
function toxicName(id: string, stream: Stream): string {
  return `${id.slice(id.indexOf('/') + 1)}:${stream}`;
}
