/** Every mechanism, one line each. */
export { circuitBreaker } from './circuit-breaker.js';
export { outlierDetection } from './outlier-detection.js';
export { retry } from './retry.js';
export { timeout } from './timeout.js';
