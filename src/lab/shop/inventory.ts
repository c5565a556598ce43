/** Inventory: says how many of a thing are in stock. Started with PORT and NAME in the environment; keeps no state, so every instance gives the same answer. */
import { hash32 } from '../../core/random.js';
import { readPort, readText } from '../environment.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { createBackend } from './backend.js';

const STOCK_MAX = 1_000;

await runProgram({
  name: 'inventory',
  start: ({ env, clock }) => {
    const work = (key: string) => ({ inStock: hash32(0, key) % STOCK_MAX });
    const server = createBackend({ name: readText(env, 'NAME'), method: 'GET', prefix: '/stock/', work, clock });
    return listen(server, readPort(env, 'PORT'));
  },
});
