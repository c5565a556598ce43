import { describe, expect, it } from 'vitest';
import { servedControl } from '../support/control.js';
import { forThisTest } from '../support/for-this-test.js';

const JSON_TYPE = 'Content-Type: application/json';

/** A halt, asked for as somebody would. */
async function asked(head: readonly string[], { body = '{"reason":"x"}', method = 'POST' } = {}) {
  const control = forThisTest(await servedControl());
  const { status } = await control.raw(method, '/v1/halt', { body, head });
  return { status, isHalted: control.daemon.status().halted !== null };
}

describe('who may write', () => {
  it.each([
    ['a script', [JSON_TYPE]],
    ['a script that leaves the body out', [], { body: '' }],
    ['a page of our own', [JSON_TYPE, 'Host: localhost:8474', 'Origin: http://localhost:8474', 'Sec-Fetch-Site: same-origin']],
    ['a person who types the address', [JSON_TYPE, 'Sec-Fetch-Site: none']],
  ])('is %s', async (_, head, given?: { body: string }) => {
    expect(await asked(head, given)).toEqual({ status: 200, isHalted: true });
  });

  it.each([
    ['a page elsewhere', 403, [JSON_TYPE, 'Origin: http://evil.example']],
    ['a page on another port', 403, [JSON_TYPE, 'Host: localhost:80', 'Origin: http://localhost:81']],
    ['a page in a sandbox', 403, [JSON_TYPE, 'Origin: null']],
    ['a page elsewhere whose browser leaves Origin out', 403, [JSON_TYPE, 'Sec-Fetch-Site: cross-site']],
    ['a page of another port whose browser leaves Origin out', 403, [JSON_TYPE, 'Sec-Fetch-Site: same-site']],
    [
      'a page whose name was bound to loopback',
      403,
      [JSON_TYPE, 'Host: evil.example', 'Origin: http://evil.example', 'Sec-Fetch-Site: same-origin'],
    ],
    ['a page elsewhere, without a body', 403, ['Origin: http://evil.example'], { body: '' }],
    ['a form', 400, ['Content-Type: application/x-www-form-urlencoded']],
    ['a form with files', 400, ['Content-Type: multipart/form-data; boundary=x']],
    ['a form of text', 400, ['Content-Type: text/plain']],
    ['an empty form', 400, ['Content-Type: text/plain'], { body: '' }],
    ['a type that only begins like ours', 400, ['Content-Type: application/jsonp']],
    ['a body of no type', 400, []],
  ])('is not %s', async (_, status, head, given?: { body: string }) => {
    expect(await asked(head, given)).toEqual({ status, isHalted: false });
  });

  it('is nobody whose body comes in parts and has no type', async () => {
    const head = ['Transfer-Encoding: chunked'];
    const control = forThisTest(await servedControl());
    const { status } = await control.raw('POST', '/v1/halt', { head: [...head, '', '2\r\n{}\r\n0'] });
    expect([status, control.daemon.status().halted]).toEqual([400, null]);
  });

  it('is no page elsewhere that would take a halt away again', async () => {
    const control = forThisTest(await servedControl());
    control.daemon.halt('for good');
    await control.raw('DELETE', '/v1/halt', { head: ['Origin: http://evil.example'] });
    expect(control.daemon.status().halted).not.toBe(null);
    await control.raw('DELETE', '/v1/halt');
    expect(control.daemon.status().halted).toBe(null);
  });
});
