/** Every probe, one line each. */
export { command } from './command.js';
export { http } from './http.js';
export { process } from './process.js';
export { prometheus } from './prometheus.js';
export { tcp } from './tcp.js';
export { wire } from './wire.js';
