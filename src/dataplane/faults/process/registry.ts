/** Every fault on processes, one line each. */
export { crash } from './crash.js';
export { pause } from './pause.js';
export { slowCpu } from './slow-cpu.js';
