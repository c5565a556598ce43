/** Every command, one line each, in the order of the help. */
export { catalog } from './commands/catalog.js';
export { fault } from './commands/fault.js';
export { halt } from './commands/halt.js';
export { proxy } from './commands/proxy.js';
export { serve } from './commands/serve.js';
