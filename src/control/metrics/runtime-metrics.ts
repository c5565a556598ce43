/** Figures about the daemon's own process, under the names that Toxiproxy has for them: asked anew with every scrape. */
import { Counter, Gauge, type Metric } from 'prom-client';
import type { RuntimeFigures } from '../toxiproxy/metrics.js';
import { families } from './families.js';
import { metricOf } from './metric-of.js';

export function runtimeMetrics(figures: () => RuntimeFigures): readonly Metric[] {
  return [
    new Gauge({
      ...metricOf(families.build),
      collect() {
        this.set({ checksum: '', path: 'faultlab', version: figures().version }, 1);
      },
    }),
    new Counter({
      ...metricOf(families.processor),
      collect() {
        this.reset();
        this.inc(figures().cpuSeconds);
      },
    }),
    new Gauge({
      ...metricOf(families.memory),
      collect() {
        this.set(figures().residentBytes);
      },
    }),
    new Gauge({
      ...metricOf(families.started),
      collect() {
        this.set(figures().startedSeconds);
      },
    }),
  ];
}
