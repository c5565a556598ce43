/** What each picture shows, in the order in which they are taken: how the page gets there, and what it waits for. */

/** Until so long into a fault there is something to see of it. */
const FELT_MS = 7_000;

export function shots({ page, url, watched }) {
  const goTo = (view) => page.goto(`${url}/ui/#/${view}`);
  const answered = async () => {
    await page
      .getByText(/Asking the daemon|Drawing…/)
      .first()
      .waitFor({ state: 'detached' });
    await page.waitForTimeout(500);
  };
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
      name: 'runs',
      takes: async () => {
        await watched.ended;
        await goTo('runs');
        await answered();
      },
    },
    {
      name: 'compare',
      takes: async () => {
        await goTo('compare');
        await answered();
      },
    },
    {
      name: 'start',
      takes: async () => {
        await goTo('start');
        await page.getByRole('button', { name: 'gray-failure gray-failure.yaml', exact: true }).click();
        await page.getByRole('button', { name: 'Show the plan' }).click();
        await page.getByText('All of the plan, as faultlab plan says it').click();
      },
    },
  ];
}
