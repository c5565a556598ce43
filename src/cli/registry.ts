/** Every command, one line each, in the order of the help. */

export { agent } from './commands/agent.js';
export { approve } from './commands/approve.js';
export { catalog } from './commands/catalog.js';
export { doctor } from './commands/doctor.js';
export { export } from './commands/export.js';
export { fault } from './commands/fault.js';
export { fleet } from './commands/fleet.js';
export { gateway } from './commands/gateway.js';
export { halt } from './commands/halt.js';
export { history } from './commands/history.js';
export { import } from './commands/import.js';
export { lab } from './commands/lab.js';
export { note } from './commands/note.js';
export { plan } from './commands/plan.js';
export { proxy } from './commands/proxy.js';
export { replay } from './commands/replay.js';
export { report } from './commands/report.js';
export { run } from './commands/run.js';
export { schema } from './commands/schema.js';
export { serve } from './commands/serve.js';
export { validate } from './commands/validate.js';
export { verify } from './commands/verify.js';
