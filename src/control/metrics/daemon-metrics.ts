/**
 * The daemon's figures for Prometheus: what crossed its links, counted from the observations as they come, and what is on now, asked of the daemon
 * when somebody scrapes. Costs nothing where it was not asked for: nobody else reads the observations for it.
 */
import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import type { Daemon, ProxyStatus } from '../../dataplane/daemon.js';
import { type Exchange, FAULT_ENDS, isFaultEnd, type Observation } from '../../journal/observations.js';
import type { RunFeed } from '../live/run-feed.js';
import type { ObservationFollower } from '../observation-follower.js';
import type { RuntimeFigures } from '../toxiproxy/metrics.js';
import { families, LABEL_VALUES_MAX } from './families.js';
import { decisionsOf, FaultTotals } from './fault-totals.js';
import { LabelValues } from './label-values.js';
import { metricOf } from './metric-of.js';
import { RunMetrics } from './run-metrics.js';
import { runtimeMetrics } from './runtime-metrics.js';

/** From one millisecond to longer than most callers wait. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** OpenMetrics allows 128 characters for an exemplar's labels, names included. */
const EXEMPLAR_CHARS_MAX = 100;

export interface MetricsText {
  contentType: string;
  body: string;
}

export interface MetricsPorts {
  follower: ObservationFollower;
  /** What a run tells of itself. */
  feed: RunFeed;
  /** Figures about this process, if they are to be told as well. */
  runtime?: (() => RuntimeFigures) | undefined;
}

/** `5xx`; `none` where no answer came. */
const answerClass = (status: number | undefined): string => (status === undefined ? 'none' : `${Math.floor(status / 100)}xx`);

export class DaemonMetrics {
  readonly #daemon: Daemon;
  readonly #follower: ObservationFollower;
  readonly #links = new LabelValues();
  readonly #totals = new FaultTotals();
  /** When each fault that is there began. */
  readonly #sinceMs = new Map<string, number>();
  /** The same metrics in both formats: only the newer one can carry exemplars. */
  readonly #plain = new Registry();
  readonly #open = new Registry<OpenMetricsContentType>();

  readonly #attempts = new Counter(metricOf(families.attempts));
  readonly #latency = new Histogram({ ...metricOf(families.latency), buckets: BUCKETS_S, enableExemplars: true });
  readonly #ended = new Counter(metricOf(families.ended));
  readonly #lost = new Counter(metricOf(families.lost));

  constructor(daemon: Daemon, { follower, feed, runtime }: MetricsPorts) {
    this.#daemon = daemon;
    this.#follower = follower;
    follower.listen({ onObservation: (observation) => this.#note(observation), onLost: (count) => this.#lost.inc(count) });
    // A series that begins with its first expiry has risen from nothing, which no alert can see.
    for (const how of FAULT_ENDS) this.#ended.inc({ how }, 0);
    this.#open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const asked = [
      ...this.#linkMetrics(),
      ...this.#byteMetrics(),
      ...this.#faultMetrics(),
      this.#haltMetric(),
      ...new RunMetrics(feed).metrics,
      ...(runtime ? runtimeMetrics(runtime) : []),
    ];
    for (const metric of [this.#attempts, this.#latency, this.#ended, this.#lost, ...asked]) {
      this.#plain.registerMetric(metric);
      this.#open.registerMetric(metric);
    }
  }

  #note(observation: Observation): void {
    if (observation.kind === 'exchange') this.#noteExchange(observation);
    if (observation.kind !== 'fault') return;
    this.#totals.note(observation);
    const { fault, change, atMs } = observation;
    if (change === 'applied') this.#sinceMs.set(fault, atMs);
    if (!isFaultEnd(change)) return;
    this.#sinceMs.delete(fault);
    this.#ended.inc({ how: change });
  }

  /** In the format that the reader asks for with `Accept`. */
  async text(accept: string | undefined): Promise<MetricsText> {
    // A fault that has just ended is no longer on, and a counter must not fall until somebody hears of it.
    this.#follower.catchUp();
    const registry = accept?.includes('application/openmetrics-text') ? this.#open : this.#plain;
    return { contentType: registry.contentType, body: await registry.metrics() };
  }

  #noteExchange({ link, status, startMs, endMs, token }: Exchange): void {
    const labels = { link: this.#links.bounded(link) };
    this.#attempts.inc({ ...labels, answer: answerClass(status) });
    if (status === undefined) return;
    const exemplarLabels = token === undefined ? {} : { exemplarLabels: { request: token.slice(0, EXEMPLAR_CHARS_MAX) } };
    this.#latency.observe({ labels, value: (endMs - startMs) / 1_000, ...exemplarLabels });
  }

  #linkMetrics() {
    const daemon = this.#daemon;
    const links = this.#links;
    /** One figure of every proxy, asked anew with every scrape. */
    const each = (metric: Counter | Gauge, figure: (proxy: ProxyStatus) => number): void => {
      metric.reset();
      for (const proxy of daemon.proxies()) metric.inc({ link: links.bounded(proxy.name) }, figure(proxy));
    };
    return [
      new Gauge({
        ...metricOf(families.connections),
        collect() {
          each(this, ({ connections }) => connections);
        },
      }),
      new Counter({
        ...metricOf(families.accepted),
        collect() {
          each(this, ({ connectionsTotal }) => connectionsTotal);
        },
      }),
      new Gauge({
        ...metricOf(families.held),
        collect() {
          each(this, ({ heldBytes }) => heldBytes);
        },
      }),
    ];
  }

  /** Toxiproxy's two series, so that dashboards made for it go on. */
  #byteMetrics() {
    const daemon = this.#daemon;
    const each = (metric: Counter, bytes: (proxy: ProxyStatus) => { downstream: number; upstream: number }): void => {
      metric.reset();
      for (const proxy of daemon.proxies().slice(0, LABEL_VALUES_MAX)) {
        const labels = { listener: proxy.listen, proxy: proxy.name, upstream: proxy.upstream };
        for (const [direction, count] of Object.entries(bytes(proxy))) metric.inc({ direction, ...labels }, count);
      }
    };
    return [
      new Counter({
        ...metricOf(families.received),
        collect() {
          each(this, ({ receivedDown, receivedUp }) => ({ downstream: receivedDown, upstream: receivedUp }));
        },
      }),
      new Counter({
        ...metricOf(families.sent),
        collect() {
          each(this, ({ bytesDown, bytesUp }) => ({ downstream: bytesDown, upstream: bytesUp }));
        },
      }),
    ];
  }

  #faultMetrics() {
    const daemon = this.#daemon;
    const totals = this.#totals;
    const since = this.#sinceMs;
    return [
      new Gauge({
        ...metricOf(families.onFor),
        collect() {
          this.reset();
          const nowMs = daemon.clock.nowMs();
          for (const [fault, sinceMs] of since) this.set({ fault }, (nowMs - sinceMs) / 1_000);
        },
      }),
      new Gauge({
        ...metricOf(families.active),
        collect() {
          this.reset();
          for (const { id, type, run, isOn } of daemon.faults()) this.set({ fault: id, type, run }, isOn ? 1 : 0);
        },
      }),
      new Gauge({
        ...metricOf(families.left),
        collect() {
          this.reset();
          for (const { id, endsInMs } of daemon.faults()) if (endsInMs !== null) this.set({ fault: id }, endsInMs / 1_000);
        },
      }),
      new Counter({
        ...metricOf(families.decisions),
        collect() {
          this.reset();
          const live = daemon
            .faults()
            .map((fault) => ({ id: fault.id, decisions: decisionsOf({ ...fault, appliedCount: fault.applied }) }));
          for (const [fault, decisions] of totals.with(live)) {
            for (const [decision, count] of Object.entries(decisions)) this.inc({ fault, decision }, count);
          }
        },
      }),
    ];
  }

  #haltMetric() {
    const daemon = this.#daemon;
    return new Gauge({
      ...metricOf(families.halted),
      collect() {
        this.set(daemon.status().halted === null ? 0 : 1);
      },
    });
  }
}
