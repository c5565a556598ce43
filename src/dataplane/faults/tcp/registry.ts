/** Every tcp fault, one line each. */
export { blackhole } from './blackhole.js';
export { latency } from './latency.js';
export { reset } from './reset.js';
