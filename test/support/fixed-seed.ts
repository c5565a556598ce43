/** Set up before every test file: random tests that name no seed of their own take the suite's, too. */
import fc from 'fast-check';
import { seed } from './seed.js';

fc.configureGlobal({ seed });
