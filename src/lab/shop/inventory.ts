/** Inventory: says how many of a thing are in stock. Started with PORT and NAME in the environment; keeps no state, so every instance gives the same answer. */
import { hash32 } from '../../core/random.js';
import { runProgram } from '../program.js';
import { startBackend } from './backend.js';

const STOCK_MAX = 1_000;

await runProgram({
  name: 'inventory',
  start: (input) => {
    const work = (key: string) => ({ inStock: hash32(0, key) % STOCK_MAX });
    return startBackend({ method: 'GET', prefix: '/stock/', work }, input);
  },
});
