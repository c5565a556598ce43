/**
 * What `exclude: probes` leaves alone: health and readiness checks, known by their path or by who asks. The lists are short on purpose: a path that
 * could be business (`/status`, `/live/match-7`) would quietly take traffic out of a fault, and whoever has one names it beside `probes`.
 */
import type { RequestHead } from './fault.js';
import { pathOf } from './request-path.js';
import { compileGlobs } from './text-test.js';

/** Compared without the query, in any case. */
export const PROBE_PATHS: readonly string[] = [
  '/health',
  '/health/*',
  '/healthz',
  '/healthz/*',
  '/healthy',
  '/healthcheck',
  '/health-check',
  '/health_check',
  '/_health',
  '/-/healthy',
  '/actuator/health',
  '/actuator/health/*',
  '/grpc.health.v1.Health/*',
  '/ready',
  '/readyz',
  '/readyz/*',
  '/readiness',
  '/-/ready',
  '/live',
  '/livez',
  '/livez/*',
  '/liveness',
  '/alive',
  '/startupz',
  '/ping',
];

/** User agents of orchestrators, load balancers and monitors, compared in any case. */
export const PROBE_AGENTS: readonly string[] = [
  'kube-probe/*',
  'ELB-HealthChecker/*',
  'Amazon-Route53-Health-Check-Service*',
  'GoogleHC/*',
  'GoogleStackdriverMonitoring-UptimeChecks*',
  'Edge Health Probe',
  'Load Balancer Agent',
  'Envoy/HC',
  'Consul Health Check',
  'Prometheus/*',
  'Blackbox Exporter/*',
  'Blackbox-Exporter/*',
];

const isProbePath = compileGlobs(PROBE_PATHS, { ignoreCase: true });
const isProbeAgent = compileGlobs(PROBE_AGENTS, { ignoreCase: true });

export function isProbe(head: RequestHead): boolean {
  const agent = head.header('user-agent');
  return isProbePath(pathOf(head)) || (agent !== undefined && isProbeAgent(agent));
}
