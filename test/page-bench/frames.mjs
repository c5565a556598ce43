/** How long the browser needs from one picture to the next while the page draws an hour of 100 links and follows it. */

const SECOND_MS = 1_000;
/** Two pictures of a screen with 60 a second: who waits longer sees it. */
const LATE_MS = 34;
/** As often as it takes to see all of the hour. */
const WIDER_TIMES = 6;

/** Runs in the page. */
function measure(forMs) {
  return new Promise((resolve) => {
    const gaps = [];
    const startedMs = performance.now();
    let beforeMs = startedMs;
    const look = (nowMs) => {
      gaps.push(nowMs - beforeMs);
      beforeMs = nowMs;
      if (nowMs - startedMs < forMs) requestAnimationFrame(look);
      else resolve(gaps);
    };
    requestAnimationFrame(look);
  });
}

export async function frames({ browser, hour, seconds }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  // The same browser without a page of ours: what it cannot do is not our doing.
  const nothing = await context.newPage();
  const empty = await measured(nothing, seconds);
  await nothing.close();
  const page = await context.newPage();
  await page.goto(`${hour.url}/ui/`);
  await page.getByRole('button', { name: /^caller-1 to callee-1: \d/ }).waitFor({ timeout: 60_000 });
  for (let time = 0; time < WIDER_TIMES; time++) await page.getByRole('button', { name: 'Wider' }).click();
  await page.waitForTimeout(5 * SECOND_MS);
  const ours = await measured(page, seconds);
  await context.close();
  return ['frames, ms between pictures', line('an empty page', empty), line('100 links, an hour, streaming', ours)].join('\n');
}

async function measured(page, seconds) {
  const gaps = (await page.evaluate(measure, seconds * SECOND_MS)).slice(1).sort((a, b) => a - b);
  const at = (share) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))];
  return { count: gaps.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), late: gaps.filter((gap) => gap > LATE_MS).length / gaps.length };
}

function line(what, { count, p50, p95, p99, late }) {
  const [a, b, c] = [p50, p95, p99].map((ms) => ms.toFixed(1));
  return `  ${what.padEnd(30)} p50 ${a}  p95 ${b}  p99 ${c}  over ${LATE_MS} ms: ${(100 * late).toFixed(1)} %  (${count} frames)`;
}
