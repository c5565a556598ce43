/** The compiled command line as a process, for scripts that wait for what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export function start(args, env) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  return {
    /** Whatever its exit code. */
    ended: once(child, 'close'),
    end: () => child.kill('SIGINT'),
    /** The first match in its output; rejects when it ends without one. */
    async says(pattern) {
      for (;;) {
        const [match] = pattern.exec(text) ?? [];
        if (match !== undefined) return match;
        if (child.exitCode !== null) throw new Error(`expected ${pattern}, found: ${text}`);
        await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
      }
    },
  };
}
