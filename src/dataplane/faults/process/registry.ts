/** Every fault on processes, one line each. */
export { clockSkew } from './clock-skew.js';
export { crash } from './crash.js';
export { fileFull } from './file-full.js';
export { pause } from './pause.js';
export { slowCpu } from './slow-cpu.js';
export { slowDisk } from './slow-disk.js';
