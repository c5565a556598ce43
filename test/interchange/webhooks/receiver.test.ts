import { expect, test } from 'vitest';
import { receiverOfPlan, receiverOfText } from '../../../src/interchange/webhooks/receiver.js';

const ports = {
  env: { HOOK: 'https://hooks.example/T0/SECRET', BROKEN: 'SECRET' } as Record<string, string>,
  readFile: (path: string) => (path === '/hook' ? ' http://127.0.0.1:9/SECRET\n' : 'SECRET'),
};
const ofText = (text: string) => receiverOfText(text, ports);

test('the command line takes an address, a variable or a file that holds it, and Slack’s shape before it', () => {
  expect(ofText('https://hooks.example/a?b=c')).toMatchObject({ shape: 'generic', on: ['start', 'stop', 'verdict'] });
  expect(ofText('https://hooks.example/a?b=c').url.href).toBe('https://hooks.example/a?b=c');
  expect(ofText('slack=env:HOOK')).toMatchObject({ shape: 'slack', url: { href: 'https://hooks.example/T0/SECRET' } });
  expect(ofText('file:/hook').url.href).toBe('http://127.0.0.1:9/SECRET');
});

test('what is no address by http or https is refused, and what a variable or a file holds is not said', () => {
  for (const text of ['ftp://x', 'env:BROKEN', 'env:NONE', 'file:/other', 'slack=', 'file:///etc/passwd']) {
    expect(() => ofText(text)).toThrow(/--webhook.*expected an address by http or https/);
    expect(() => ofText(text)).not.toThrow(/SECRET/);
  }
});

test('a plan names an address or a variable', () => {
  const planned = { shape: 'slack', on: ['verdict'] } as const;
  const receiver = receiverOfPlan({ ...planned, on: ['verdict'], urlFrom: 'HOOK' }, ports);
  expect(receiver).toMatchObject({ shape: 'slack', on: ['verdict'], url: { host: 'hooks.example' } });
  expect(receiverOfPlan({ ...planned, on: ['stop'], url: 'http://a/b' }, ports).url.href).toBe('http://a/b');
  expect(() => receiverOfPlan({ ...planned, on: ['stop'], urlFrom: 'NONE' }, ports)).toThrow(/variable NONE: expected .* found none/);
});
