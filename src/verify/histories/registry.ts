/** Every history checker, one line each. */
export { bank } from './bank.js';
export { counter } from './counter.js';
export { lease } from './lease.js';
export { linearizable } from './linearizable.js';
export { lock } from './lock.js';
export { queue } from './queue.js';
export { register } from './register.js';
export { sessions } from './sessions.js';
export { set } from './set.js';
