/** The compiled command line as a process, for scripts that wait for what it says. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Of what it said, where it said something else. */
const SHOWN_CHARACTERS = 2_000;

export function start(args, env) {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const news = new EventEmitter();
  let text = '';
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (more) => {
    text += more;
    news.emit('news');
  });
  const ended = once(child, 'close').then(() => {
    isOver = true;
    news.emit('news');
  });
  return {
    /** Whatever its exit code. */
    ended,
    end: () => child.kill('SIGINT'),
    /** The first match in its output; rejects when it ends without one. */
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(text);
        if (match !== null) return match;
        if (isOver) throw new Error(`expected ${pattern}, found: ${text.slice(-SHOWN_CHARACTERS)}`);
        await once(news, 'news');
      }
    },
  };
}
