/** How prom-client is told of a family. The same metric stands in two registries, one a format, so each is put into them by hand. */
import type { MetricFamily } from './families.js';

export const metricOf = ({ name, help, labels }: MetricFamily) => ({ name, help, labelNames: labels, registers: [] });
