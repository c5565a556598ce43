/**
 * Debian's Chromium, without a head: for tests that need a real browser, and for pictures of reports. It is told to leave the network alone:
 * without these flags it asks hosts of its maker, which has no place in a build.
 */
import { chromium } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * `args`: more of its flags.
 *
 * @param {{ args?: readonly string[] }} [given]
 */
export const launchChromium = ({ args: more = [] } = {}) =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: [...args, ...more] });
