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
  onFor: {
    name: 'faultlab_fault_on_seconds',
    type: 'gauge',
    help: 'How long a fault that is there has been there.',
    labels: ['fault'],
  },
  planned: {
    name: 'faultlab_fault_planned_seconds',
    type: 'gauge',
    help: 'How long a fault of the run is to be on, by its plan.',
    labels: ['fault', 'step'],
  },
  run: {
    name: 'faultlab_run_info',
    type: 'gauge',
    help: 'The run that tells this daemon what happens in it, or the last that did: 1 while it goes on, 0 after it.',
    labels: ['run', 'title', 'environment'],
  },
  phase: {
    name: 'faultlab_run_phase',
    type: 'gauge',
    help: '1 for the phase that the run is in, 0 for the others.',
    labels: ['phase'],
  },
  step: { name: 'faultlab_step_active', type: 'gauge', help: '1 while a step of the run goes on.', labels: ['step', 'kind'] },
  gates: { name: 'faultlab_gates_waiting', type: 'gauge', help: 'Gates of the run that wait for somebody.', labels: [] },
  probes: {
    name: 'faultlab_steady_state_met',
    type: 'gauge',
    help: 'What a probe of the run found last: 1 met, 0 not met; none where there was nothing to judge by.',
    labels: ['probe'],
  },
  breakers: {
    name: 'faultlab_breaker_state',
    type: 'gauge',
    help: 'A circuit breaker, as inferred from the wire so far: 0 closed, 1 half open or open in part, 2 open; none where it is not known.',
    labels: ['subject'],
  },
  ejections: {
    name: 'faultlab_ejection_state',
    type: 'gauge',
    help: 'An instance, as its callers treat it: 0 in, 1 avoided or not known, 2 ejected.',
    labels: ['subject'],
  },
  suspicions: {
    name: 'faultlab_suspicion_state',
    type: 'gauge',
    help: 'An instance, as a failure detector sees it: 0 trusted, 1 not known, 2 suspected.',
    labels: ['subject'],
  },
  promises: {
    name: 'faultlab_check_state',
    type: 'gauge',
    help: 'A promise of the run so far: 0 open, 1 pass, 2 inconclusive, 3 fail, 4 error.',
    labels: ['check', 'kind', 'severity'],
  },
  verdict: {
    name: 'faultlab_run_verdict',
    type: 'gauge',
    help: 'The verdict of the run as a whole, by the same numbers: 0 while it goes on.',
    labels: [],
  },
  unhealed: {
    name: 'faultlab_healing_unconfirmed',
    type: 'gauge',
    help: '1 from when a run could not confirm that its faults are gone until another begins.',
    labels: [],
  },
  runs: {
    name: 'faultlab_runs_ended_total',
    type: 'counter',
    help: 'Runs that have ended: completed, stopped, interrupted, or with an error.',
    labels: ['status'],
  },
  judged: {
    name: 'faultlab_runs_judged_total',
    type: 'counter',
    help: 'Runs that were judged: pass, fail, inconclusive, or error.',
    labels: ['verdict'],
  },
  stops: {
    name: 'faultlab_stop_conditions_tripped_total',
    type: 'counter',
    help: 'Stop conditions that have ended a run.',
    labels: ['condition'],
  },
  load: {
    name: 'faultlab_load_requests_total',
    type: 'counter',
    help: 'Requests of load generators that have ended: ok, or error.',
    labels: ['link', 'outcome'],
  },
  loadLatency: {
    name: 'faultlab_load_latency_seconds',
    type: 'gauge',
    help: 'From the intended start of the load’s requests to their end, of the newest second that was told.',
    labels: ['link', 'quantile'],
  },
  harmed: {
    name: 'faultlab_harmed_requests_total',
    type: 'counter',
    help: 'Requests of load generators that failed since the first fault of their run.',
    labels: [],
  },
  untold: {
    name: 'faultlab_run_events_lost_total',
    type: 'counter',
    help: 'Events of runs that came too many at a time to be told here; their journals have them.',
    labels: [],
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
