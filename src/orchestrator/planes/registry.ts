/** Every data plane, one line each. */
export { daemon } from './daemon.js';
export { fleet } from './fleet.js';
export { toxiproxy } from './toxiproxy.js';
