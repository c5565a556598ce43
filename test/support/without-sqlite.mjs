/**
 * Loaded before a program by `--import`: to it this machine has no SQLite, as where an optional package could not be compiled. `require` is
 * what asks for both drivers, so it is there that they are missing.
 */
import Module from 'node:module';

const MISSING = new Set(['node:sqlite', 'better-sqlite3']);
const load = Module._load;

Module._load = function loadOther(name, ...rest) {
  if (MISSING.has(name))
    throw Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:\n- a file`), { code: 'MODULE_NOT_FOUND' });
  return load.call(this, name, ...rest);
};
