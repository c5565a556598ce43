/** The programs as they run: a heart that is killed, and a watcher that notices. */
import { request } from 'undici';
import { expect, it, vi } from 'vitest';
import { startProgram } from '../../support/program.js';

it('a heart that died is suspected, and one that was started again is trusted, without a mistake', async () => {
  await using watcher = await startProgram({ file: 'lab/heart/watcher.js', args: ['--timeouts', '1s'], env: { PORT: '0' } });
  const opinion = async (): Promise<string> => {
    const { body } = await request(`http://${watcher.address}/opinions`);
    return ((await body.json()) as Record<string, string>)['1s'] ?? '';
  };
  const says = (words: RegExp) => vi.waitFor(async () => expect(await opinion()).toMatch(words), { timeout: 30_000, interval: 100 });
  const beat = async (body: object): Promise<number> => {
    const answer = await request(`http://${watcher.address}/beats`, { method: 'POST', body: JSON.stringify(body) });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await beat({ life: 1 })).toBe(400);
  expect(await opinion()).toBe('trusts · 0 mistakes');
  // The last of somebody who is dead by now.
  expect(await beat({ life: 'a', sequence: 7 })).toBe(200);
  await says(/^suspects, after \d+\.\d s · 0 mistakes$/);
  await using _heart = await startProgram({ file: 'lab/heart/pulse.js', env: { PORT: '0', WATCHERS: watcher.address } });
  await says(/^trusts · \d mistakes? · crash seen after \d+\.\d s$/);
}, 120_000);
