/** What the daemon tells Prometheus of itself: one row a family. The README's table is made of it, and so are the metrics. */

export interface MetricFamily {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
}

/** No family has more series than this for any one of its labels; what comes later is counted under `other`. */
export const LABEL_VALUES_MAX = 2_000;

export const families = {
  attempts: {
    name: 'faultlab_attempts_total',
    type: 'counter',
    help: 'Requests that crossed a link, by class of their answer: 2xx to 5xx, or none.',
    labels: ['link', 'answer'],
  },
  latency: {
    name: 'faultlab_attempt_seconds',
    type: 'histogram',
    help: 'From the first byte of a request to the end of its answer; exemplars name the request.',
    labels: ['link'],
  },
  connections: { name: 'faultlab_connections', type: 'gauge', help: 'Connections that are open on a link.', labels: ['link'] },
  accepted: { name: 'faultlab_connections_total', type: 'counter', help: 'Connections that a link has accepted.', labels: ['link'] },
  held: {
    name: 'faultlab_held_bytes',
    type: 'gauge',
    help: 'Bytes that a link holds back, for a fault or a slow reader.',
    labels: ['link'],
  },
  active: {
    name: 'faultlab_fault_active',
    type: 'gauge',
    help: 'A fault that is there: 1, or 0 while its pulse has it off.',
    labels: ['fault', 'type', 'run'],
  },
  left: {
    name: 'faultlab_fault_left_seconds',
    type: 'gauge',
    help: 'How long a fault lives unless it is renewed; toxics, which live on, have none.',
    labels: ['fault'],
  },
  decisions: {
    name: 'faultlab_fault_decisions_total',
    type: 'counter',
    help: 'What became of requests or connections that a fault was asked about: applied, skipped, overflow, or unread.',
    labels: ['fault', 'decision'],
  },
  ended: {
    name: 'faultlab_faults_ended_total',
    type: 'counter',
    help: 'Faults that have ended: healed, halted, at the end of their duration, or expired with their lease.',
    labels: ['how'],
  },
  halted: { name: 'faultlab_halted', type: 'gauge', help: '1 while somebody has halted this daemon.', labels: [] },
  received: {
    name: 'toxiproxy_proxy_received_bytes_total',
    type: 'counter',
    help: 'Bytes read from the source of a direction, as Toxiproxy counts them.',
    labels: ['direction', 'listener', 'proxy', 'upstream'],
  },
  sent: {
    name: 'toxiproxy_proxy_sent_bytes_total',
    type: 'counter',
    help: 'Bytes written to the target of a direction, as Toxiproxy counts them.',
    labels: ['direction', 'listener', 'proxy', 'upstream'],
  },
  build: {
    name: 'go_build_info',
    type: 'gauge',
    help: 'Always 1; its label tells the version. This and the next three only with --runtime-metrics.',
    labels: ['checksum', 'path', 'version'],
  },
  processor: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time that the daemon has taken, of user and system.',
    labels: [],
  },
  memory: { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Memory that the daemon holds.', labels: [] },
  started: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the daemon was started, in seconds since 1970.',
    labels: [],
  },
  lost: {
    name: 'faultlab_observations_lost_total',
    type: 'counter',
    help: 'Observations that were overwritten before they could be counted here.',
    labels: [],
  },
} as const satisfies Readonly<Record<string, MetricFamily>>;
