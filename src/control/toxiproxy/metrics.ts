/**
 * `/metrics` in Prometheus' text format, with Toxiproxy's names. Its counters stand still while a connection is open; these count as bytes pass,
 * which no reader of a counter can mind.
 */
import type { ProxyStatus } from '../../dataplane/daemon.js';

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricsOptions {
  proxyMetrics?: boolean | undefined;
  runtimeMetrics?: boolean | undefined;
}

export interface RuntimeFigures {
  version: string;
  cpuSeconds: number;
  residentBytes: number;
  startedSeconds: number;
}

interface Family {
  name: string;
  type: 'counter' | 'gauge';
  samples: readonly { labels: Readonly<Record<string, string>>; value: number }[];
}

function labelText(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function familyText({ name, type, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${labelText(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} \n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function proxyFamily(name: string, proxies: readonly ProxyStatus[], counts: (proxy: ProxyStatus) => { down: number; up: number }): Family {
  const samples = proxies.flatMap((proxy) => {
    const { down, up } = counts(proxy);
    const labels = { listener: proxy.listen, proxy: proxy.name, upstream: proxy.upstream };
    return [
      { labels: { direction: 'downstream', ...labels }, value: down },
      { labels: { direction: 'upstream', ...labels }, value: up },
    ];
  });
  return { name, type: 'counter', samples };
}

/** Bytes read from the source and written to the target of each direction of each proxy. */
export function proxyMetricsText(proxies: readonly ProxyStatus[]): string {
  if (proxies.length === 0) return '';
  return [
    proxyFamily('toxiproxy_proxy_received_bytes_total', proxies, (p) => ({ down: p.receivedDown, up: p.receivedUp })),
    proxyFamily('toxiproxy_proxy_sent_bytes_total', proxies, (p) => ({ down: p.bytesDown, up: p.bytesUp })),
  ]
    .map(familyText)
    .join('');
}

/** What of Toxiproxy's figures about its own process exists here; there is no Go runtime to tell of. */
export function runtimeMetricsText({ version, cpuSeconds, residentBytes, startedSeconds }: RuntimeFigures): string {
  const one = (name: string, type: Family['type'], value: number): Family => ({ name, type, samples: [{ labels: {}, value }] });
  return [
    { name: 'go_build_info', type: 'gauge', samples: [{ labels: { checksum: '', path: 'faultlab', version }, value: 1 }] } as const,
    one('process_cpu_seconds_total', 'counter', cpuSeconds),
    one('process_resident_memory_bytes', 'gauge', residentBytes),
    one('process_start_time_seconds', 'gauge', startedSeconds),
  ]
    .map(familyText)
    .join('');
}

/** The handler's own, which is always there. */
export function handlerMetricsText(): string {
  const samples = ['encoding', 'gathering'].map((cause) => ({ labels: { cause }, value: 0 }));
  return familyText({ name: 'promhttp_metric_handler_errors_total', type: 'counter', samples });
}
