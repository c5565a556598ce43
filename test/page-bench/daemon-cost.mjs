/** What part of a processor the daemon takes with no page, one and five, all of them following an hour of 100 links. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withCpuTime } from '../bench/proc.mjs';

const SECOND_MS = 1_000;
const PAGES = [0, 1, 5];

export async function daemonCost({ browser, hour, seconds }) {
  const context = await browser.newContext();
  const lines = [];
  let alone = 0;
  for (const count of PAGES) {
    while (context.pages().length < count) {
      const page = await context.newPage();
      await page.goto(`${hour.url}/ui/`);
      // Before the next one is opened: a page behind another draws nothing, and would be waited for in vain.
      await page.getByText('live', { exact: true }).waitFor({ timeout: 60_000 });
    }
    // A state is made once for each that comes, and is not what staying costs.
    await sleep(2 * SECOND_MS);
    const { seconds: spent = Number.NaN } = await withCpuTime([hour.pid], () => sleep(seconds * SECOND_MS));
    const share = (100 * spent) / seconds;
    if (count === 0) alone = share;
    const each = count === 0 ? '' : `, ${((share - alone) / count).toFixed(2)} % a page`;
    lines.push(`  ${`${count} pages`.padEnd(30)} ${share.toFixed(1)} %${each}`);
  }
  await context.close();
  return ['processor time of the daemon, of one core', ...lines].join('\n');
}
