/** Every measure, one line each. */
export { connections } from './connections.mjs';
export { faultBandwidth } from './fault-bandwidth.mjs';
export { faultEffect } from './fault-effect.mjs';
export { faultLatency } from './fault-latency.mjs';
export { faultThroughput } from './fault-throughput.mjs';
export { gigabyte } from './gigabyte.mjs';
export { idleFaults } from './idle-faults.mjs';
export { memory } from './memory.mjs';
export { proxies } from './proxies.mjs';
export { recording } from './recording.mjs';
export { requests } from './requests.mjs';
export { requestsH2 } from './requests-h2.mjs';
export { requestsTls } from './requests-tls.mjs';
export { roundtrip } from './roundtrip.mjs';
export { throughput1 } from './throughput-1.mjs';
export { throughput8 } from './throughput-8.mjs';
