/** What each picture shows, in the order in which they are taken: how the page gets there, and which part of it is meant if not all that is seen. */

/** So long into a fault there is something to see of it. */
const FELT_MS = 7_000;
/** So long a system needs to have found its leader, and to have told of itself. */
const SETTLED_MS = 10_000;

export function shots({ page, url, watched, play }) {
  const goTo = (view) => page.goto(`${url}/ui/#/${view}`);
  return [
    {
      name: 'live',
      takes: async () => {
        await goTo('live');
        await watched.says(/"type":"faultApplied"[^\n]*one-host-goes-gray/);
        await page.waitForTimeout(FELT_MS);
      },
    },
    {
      name: 'chaos',
      takes: async () => {
        await goTo(`live?${new URLSearchParams({ link: 'gateway-1->inventory-2' })}`);
        await page.waitForTimeout(1_500);
      },
    },
    {
      name: 'timeline',
      takes: async () => {
        await goTo('live');
        await watched.ended;
        await page.waitForTimeout(2_000);
        return page.locator('section.panel', { has: page.getByRole('heading', { name: 'Timeline' }) });
      },
    },
    {
      name: 'run',
      takes: async () => {
        await goTo('runs');
        await page.locator('#view').getByRole('link', { name: 'gray-failure' }).first().click();
        await page.getByRole('img', { name: /^Timeline of the run/ }).waitFor();
        await page.evaluate('scrollTo(0, 0)');
      },
    },
    {
      name: 'play',
      takes: async () => {
        const system = play('quorum');
        const [, address] = await system.says(/play at (\S+);/);
        await page.goto(address);
        await system.says(/Have you seen enough/);
        await page.waitForTimeout(SETTLED_MS);
      },
    },
  ];
}
