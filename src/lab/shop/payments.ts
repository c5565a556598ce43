/** Payments: takes a payment and says so. Started with PORT and NAME in the environment; takes every payment it is told, twice if told twice. */
import { runProgram } from '../program.js';
import { startBackend } from './backend.js';

await runProgram({
  name: 'payments',
  start: (input) => startBackend({ method: 'POST', prefix: '/pay/', work: () => ({ paid: true }) }, input),
});
