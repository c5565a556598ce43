/** Every probe, one line each. */
export { command } from './command.js';
export { http } from './http.js';
export { liveness } from './liveness.js';
export { process } from './process.js';
export { prometheus } from './prometheus.js';
export { readiness } from './readiness.js';
export { tcp } from './tcp.js';
export { wire } from './wire.js';
