/** Every check, one line each. */
export { bulkhead } from './bulkhead.js';
export { circuitBreaker } from './circuit-breaker.js';
export { differential } from './differential.js';
export { duplicates } from './duplicates.js';
export { errorRatio } from './error-ratio.js';
export { failover } from './failover.js';
export { faultWasFelt } from './fault-was-felt.js';
export { fencing } from './fencing.js';
export { latency } from './latency.js';
export { outlierEjection } from './outlier-ejection.js';
export { recovery } from './recovery.js';
export { retry } from './retry.js';
export { slo } from './slo.js';
export { steadyState } from './steady-state.js';
export { throughput } from './throughput.js';
export { timeout } from './timeout.js';
