/** Every measure, one line each. */
export { connections } from './connections.mjs';
export { memory } from './memory.mjs';
export { requests } from './requests.mjs';
export { roundtrip } from './roundtrip.mjs';
export { throughput1 } from './throughput-1.mjs';
export { throughput8 } from './throughput-8.mjs';
