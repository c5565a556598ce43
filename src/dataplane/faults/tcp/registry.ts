/** Every tcp fault, one line each. */
export { bandwidth } from './bandwidth.js';
export { blackhole } from './blackhole.js';
export { corrupt } from './corrupt.js';
export { flap } from './flap.js';
export { halfOpen } from './half-open.js';
export { latency } from './latency.js';
export { limitData } from './limit-data.js';
export { loss } from './loss.js';
export { network } from './network.js';
export { noop } from './noop.js';
export { refuse } from './refuse.js';
export { reset } from './reset.js';
export { slicer } from './slicer.js';
export { slowClose } from './slow-close.js';
export { slowOpen } from './slow-open.js';
export { stall } from './stall.js';
