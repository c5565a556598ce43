/** Every kind of step, one line each. */
export { fault } from './fault.js';
export { release } from './release.js';
export { wait } from './wait.js';
