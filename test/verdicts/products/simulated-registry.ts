/** Every simulated product, one line each. */

export { caddyPassive } from './caddy-passive.js';
export { cockatielConsecutive } from './cockatiel-consecutive.js';
export { cockatielCount } from './cockatiel-count.js';
export { cockatielSampling } from './cockatiel-sampling.js';
export { envoyConsecutive } from './envoy-consecutive.js';
export { envoyRetry } from './envoy-retry.js';
export { envoySuccessRate } from './envoy-success-rate.js';
export { equalJitter } from './equal-jitter.js';
export { finagle } from './finagle.js';
export { gobreaker } from './gobreaker.js';
export { grpcFailurePercentage } from './grpc-failure-percentage.js';
export { grpcRetry } from './grpc-retry.js';
export { haproxyMarkDown } from './haproxy-mark-down.js';
export { hystrix } from './hystrix.js';
export { linkerd } from './linkerd.js';
export { linkerdEndpoint } from './linkerd-endpoint.js';
export { nginx } from './nginx.js';
export { opossum } from './opossum.js';
export { polly } from './polly.js';
export { pollyRetry } from './polly-retry.js';
export { resilience4jCount } from './resilience4j-count.js';
export { resilience4jRetry } from './resilience4j-retry.js';
export { resilience4jTime } from './resilience4j-time.js';
export { traefikBreaker } from './traefik-breaker.js';
export { traefikPassive } from './traefik-passive.js';
