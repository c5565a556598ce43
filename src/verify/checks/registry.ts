/** Every check, one line each. */
export { circuitBreaker } from './circuit-breaker.js';
export { faultWasFelt } from './fault-was-felt.js';
export { outlierEjection } from './outlier-ejection.js';
export { recovery } from './recovery.js';
export { steadyState } from './steady-state.js';
