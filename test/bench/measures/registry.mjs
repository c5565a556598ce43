/** Every measure, one line each. */
export { connections } from './connections.mjs';
export { faultBandwidth } from './fault-bandwidth.mjs';
export { faultEffect } from './fault-effect.mjs';
export { faultLatency } from './fault-latency.mjs';
export { faultThroughput } from './fault-throughput.mjs';
export { memory } from './memory.mjs';
export { proxies } from './proxies.mjs';
export { requests } from './requests.mjs';
export { roundtrip } from './roundtrip.mjs';
export { throughput1 } from './throughput-1.mjs';
export { throughput8 } from './throughput-8.mjs';
