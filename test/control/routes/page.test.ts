import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { servedControl } from '../../support/control.js';
import { forThisTest } from '../../support/for-this-test.js';

async function pageFolder({ isBuilt = true } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faultlab-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'live', 'assets'), { recursive: true });
  if (isBuilt) await writeFile(join(folder, 'live', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'live', 'assets', 'a-1.js'), 'export {}');
  await writeFile(join(folder, 'secret'), 'secret');
  return join(folder, 'live');
}

describe('the files of the page', () => {
  it('come under a policy that lets it load its own and nobody frame it', async () => {
    const control = forThisTest(await servedControl({ pageFolder: await pageFolder() }));
    const { status, headers, body } = await control.raw('GET', '/ui/');
    expect([status, body]).toEqual([200, '<!doctype html>']);
    const text = headers.join('\n').toLowerCase();
    for (const said of [
      "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
      "frame-ancestors 'none'",
      'x-content-type-options: nosniff',
      'referrer-policy: no-referrer',
      'cross-origin-resource-policy: same-origin',
      'content-type: text/html',
      'cache-control: no-cache',
    ])
      expect(text).toContain(said);
    const script = await control.raw('GET', '/ui/assets/a-1.js');
    for (const said of ['content-type: text/javascript', 'immutable']) expect(script.headers.join('\n').toLowerCase()).toContain(said);
  });

  it('need no token, and what the page shows does', async () => {
    const control = forThisTest(await servedControl({ pageFolder: await pageFolder(), token: 'secret' }));
    expect((await control.raw('GET', '/ui/')).status).toBe(200);
    for (const path of ['/v1/live', '/v1/live/stream?boot=x&after=0', '/v1/live/history?link=a'])
      expect((await control.raw('GET', path)).status).toBe(401);
    expect((await control.raw('GET', '/v1/live', { head: ['Authorization: Bearer secret'] })).status).toBe(200);
  });

  it.each(['/ui/../secret', '/ui/%2e%2e/secret', '/ui/..%2fsecret', '/ui/assets/..%5c..%5csecret', '/ui//etc/passwd', '/ui/assets/%00'])(
    'are those of one folder: %s',
    async (path) => {
      const control = forThisTest(await servedControl({ pageFolder: await pageFolder() }));
      const { status, body } = await control.raw('GET', path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body).not.toBe('secret');
    },
  );

  it('are refused to a name that was bound to loopback', async () => {
    const control = forThisTest(await servedControl({ pageFolder: await pageFolder() }));
    expect((await control.raw('GET', '/ui/', { head: ['Host: evil.example'] })).status).toBe(403);
  });

  it('say so where they have not been built, and are not there unless they were asked for', async () => {
    const unbuilt = forThisTest(await servedControl({ pageFolder: await pageFolder({ isBuilt: false }) }));
    expect((await unbuilt.raw('GET', '/ui/')).body).toContain('npm run build');
    const none = forThisTest(await servedControl());
    expect((await none.raw('GET', '/ui/')).status).toBe(404);
    expect((await none.raw('GET', '/v1/live')).status).toBe(404);
  });
});
