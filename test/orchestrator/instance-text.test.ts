// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of a plan look like this
import { describe, expect, it } from 'vitest';
import { fillInstanceText } from '../../src/orchestrator/instance-text.js';

const words = {
  lab: '/lab',
  ca: '/run/lab-ca.pem',
  gateway: '127.0.0.1:9000',
  name: 'web-1',
  data: '/run/data/web-1/now',
  address: '[::1]:8080',
  linksTo: (target: string) => (target === 'api' ? ['127.0.0.1:1', '127.0.0.1:2'] : []),
};

describe('the words of an instance', () => {
  it.each([
    ['${lab}/shop.js --ca ${ca}', '/lab/shop.js --ca /run/lab-ca.pem'],
    ['${self.name} on ${self.port} of ${self.address}', 'web-1 on 8080 of [::1]:8080'],
    ['--db ${self.data}/db', '--db /run/data/web-1/now/db'],
    ['${link.api}', '127.0.0.1:1,127.0.0.1:2'],
    ['${gateway}', 'http://web-1@127.0.0.1:9000'],
    ['${HOME} and ${key}', '${HOME} and ${key}'],
  ])('%s becomes %s', (text, filled) => {
    expect(fillInstanceText(text, words)).toBe(filled);
  });
});
