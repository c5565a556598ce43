import { expect, it } from 'vitest';
import { parseProxy } from '../../src/cli/proxy-text.js';

it('reads keys, and those with dots as what they lead into', () => {
  expect(parseProxy('name=p,upstream=127.0.0.1:9,tls.terminate=true,tls.originate.verify=none,tls.originate.ca=/a=b.pem')).toMatchObject({
    name: 'p',
    protocol: 'tcp',
    tls: { terminate: { names: [] }, originate: { verify: 'none', ca: '/a=b.pem' } },
  });
});

it.each([
  ['name=p', 'upstream'],
  ['name=p,upstream=127.0.0.1:9,tls=maybe', 'expected terminate, originate, both'],
  ['name=p,upstream=127.0.0.1:9,tls.originate.x=1', 'tls.originate.x: unknown key'],
  ['name=p,upstream=127.0.0.1:9,__proto__.x=1', '__proto__'],
])('refuses %s and shows the right form', (text, words) => {
  expect(() => parseProxy(text)).toThrow(words);
  expect(() => parseProxy(text)).toThrow('expected name=…,protocol=http');
});
