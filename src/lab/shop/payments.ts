/** Payments: takes a payment and says so. Started with PORT and NAME in the environment; takes every payment it is told, twice if told twice. */

import { readPort, readText } from '../environment.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { createBackend } from './backend.js';

await runProgram({
  name: 'payments',
  start: ({ env, clock }) => {
    const server = createBackend({ name: readText(env, 'NAME'), method: 'POST', prefix: '/pay/', work: () => ({ paid: true }), clock });
    return listen(server, readPort(env, 'PORT'));
  },
});
