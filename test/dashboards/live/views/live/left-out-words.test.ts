import { expect, it } from 'vitest';
import { leftOutWords } from '../../../../../dashboards/live/src/views/live/left-out-words.js';

it('says what is not drawn and of what no figures are kept, and nothing where all is there', () => {
  expect(leftOutWords({ linksLeftOut: 0, proxies: 3, proxiesTotal: 3 })).toBeUndefined();
  expect(leftOutWords({ linksLeftOut: 0, proxies: 500, proxiesTotal: 600 })).toBe('Of 600 proxies the first 500 are drawn.');
  expect(leftOutWords({ linksLeftOut: 70, proxies: 500, proxiesTotal: 500 })).toMatch(/^Of 70 links no figures/);
});
