/**
 * A daemon that is reached by another name than loopback's wants a token, from the page as from everybody: one that is missing, one that is wrong, and one that
 * is no longer right because the daemon was started anew with another.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFindings, useChromium } from '../../support/page.js';
import { closedPort } from '../../support/tcp.js';
import { Faultlab, Scratch } from '../faultlab.js';

/** A name that no browser takes for a secure place, as it does `localhost` and 127.0.0.1. */
const NAME = 'lab.example';
/** Loopback in a spelling that the daemon does not take for it: nobody else can reach this one either, and still it wants a token. */
const HOST = '127.1';
/** At such a place browsers do without one of the page's headers, and say so. */
const REFUSED = [/the server responded with a status of 401|ERR_|Failed to load resource|Cross-Origin-Opener-Policy/];
const openPage = useChromium({ args: [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`] });

let scratch: Scratch;
let port: number;
beforeAll(async () => {
  scratch = await Scratch.create();
  port = await closedPort();
});
afterAll(() => scratch[Symbol.asyncDispose]());

async function served(token: string): Promise<Faultlab> {
  const file = await scratch.write('token', `${token}\n`);
  const proxy = ['--proxy', 'name=shop-1->db-1,upstream=127.0.0.1:9'];
  const daemon = new Faultlab(['serve', '--ui', '--host', HOST, '--port', String(port), '--token-file', file, ...proxy]);
  await daemon.says(/http:\/\/\S+:\d+/);
  return daemon;
}

it('the page asks for the token until it has the right one, and again when that is no longer right', async () => {
  const first = await served('one');
  const page = await openPage(`http://${NAME}:${port}/ui/`, { expected: REFUSED });
  page.setDefaultTimeout(30_000);
  const dialog = page.getByRole('dialog', { name: 'This daemon wants a token' });
  const give = async (token: string): Promise<void> => {
    await dialog.getByLabel('Token').fill(token);
    await dialog.getByRole('button', { name: 'Continue' }).click();
  };
  await dialog.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Give the token' }).click();
  await give('two');
  await dialog.getByText('does not take this token').waitFor();
  await give('one');
  await page.getByText('live', { exact: true }).waitFor();
  await dialog.waitFor({ state: 'hidden' });

  // What the page may do with it, it can do at such a place, too.
  await page.getByRole('button', { name: /^shop-1 to db-1: / }).click();
  await page.getByRole('button', { name: 'slow', exact: true }).click();
  await page
    .getByRole('region', { name: 'Faults by hand' })
    .getByText(/latency on shop-1->db-1/)
    .first()
    .waitFor();

  await page.reload();
  await page.getByText('live', { exact: true }).waitFor();
  await first[Symbol.asyncDispose]();
  await using _second = await served('three');
  await dialog.getByText('does not take this token').waitFor();
  await give('three');
  await page.getByText('live', { exact: true }).waitFor();
}, 120_000);
