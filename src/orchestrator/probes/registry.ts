/** Every probe, one line each. */
export { http } from './http.js';
export { wire } from './wire.js';
