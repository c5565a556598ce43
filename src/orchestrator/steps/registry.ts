/** Every kind of step, one line each. */
export { approve } from './approve.js';
export { fault } from './fault.js';
export { heal } from './heal.js';
export { load } from './load.js';
export { note } from './note.js';
export { probe } from './probe.js';
export { release } from './release.js';
export { run } from './run.js';
export { snapshot } from './snapshot.js';
export { wait } from './wait.js';
