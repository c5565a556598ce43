import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createControlApp } from '../../../src/control/app.js';
import { GatewayKeeper } from '../../../src/control/gateway-keeper.js';
import type { Clerk, Question } from '../../../src/control/library/clerk.js';
import { PeopleDesk } from '../../../src/control/people-desk.js';
import { hostClock } from '../../../src/core/clock.js';
import { LabError } from '../../../src/core/errors.js';
import { Daemon } from '../../../src/dataplane/daemon.js';

/** Keeps what it was asked, and answers the same to everything. */
class StubClerk implements Clerk {
  readonly asked: Question[] = [];
  answer: string | Error = '{"runs":[]}';
  ask(question: Question): Promise<string> {
    this.asked.push(question);
    return this.answer instanceof Error ? Promise.reject(this.answer) : Promise.resolve(this.answer);
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

let daemon: Daemon;
let clerk: StubClerk;
beforeEach(() => {
  daemon = new Daemon({ clock: hostClock, environment: 'test' });
  clerk = new StubClerk();
});
afterEach(() => daemon[Symbol.asyncDispose]());

function get(path: string, { withLibrary = true, headers = {} as Record<string, string> } = {}): Promise<Response> {
  const app = createControlApp({
    daemon,
    gateway: new GatewayKeeper(daemon),
    people: new PeopleDesk(daemon),
    version: '1',
    host: '127.0.0.1',
    library: withLibrary ? { clerk, starter: undefined } : undefined,
  });
  return Promise.resolve(app.request(path, { headers: { host: '127.0.0.1:8474', ...headers } }));
}

describe('runs of before', () => {
  it('are told of only where the daemon was told where they are', async () => {
    expect((await get('/v1/history', { withLibrary: false })).status).toBe(404);
    expect((await get('/v1/history')).status).toBe(200);
  });

  it('are asked for as the query says, within bounds', async () => {
    await get('/v1/history?verdict=fail&limit=7');
    expect(clerk.asked).toEqual([{ kind: 'runs', verdict: 'fail', limit: 7 }]);
    expect((await get('/v1/history?limit=100000')).status).toBe(400);
    expect((await get('/v1/history?verdict=splendid')).status).toBe(400);
    expect((await get('/v1/history/coverage?expireDays=-1')).status).toBe(400);
  });

  it('are not told of to a page that reached us under another name', async () => {
    expect((await get('/v1/history', { headers: { host: 'evil.example:8474' } })).status).toBe(403);
    expect((await get('/v1/history/R/report.html', { headers: { host: 'evil.example:8474' } })).status).toBe(403);
    expect(clerk.asked).toEqual([]);
  });
});

describe('a report', () => {
  it('is shown without script, origin or anything to load, whatever is in it', async () => {
    clerk.answer = '<!doctype html><script>alert(1)</script>';
    const answer = await get('/v1/history/R/report.html');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'; style-src 'unsafe-inline'/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(await answer.text()).toBe(clerk.answer);
  });

  it.each([
    ['html', 'text/html'],
    ['json', 'application/json'],
    ['md', 'text/markdown'],
    ['xml', 'application/xml'],
    ['txt', 'text/plain'],
  ])('in %s can be kept as a file', async (extension, type) => {
    const answer = await get(`/v1/history/R/report.${extension}?download`);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''R.${extension}`);
    expect(clerk.asked).toEqual([{ kind: 'report', run: 'R', extension }]);
  });

  it('of a run with a hostile name carries nothing of it into the head of the answer', async () => {
    const name = 'R"\r\nset-cookie: a=b';
    const answer = await get(`/v1/history/${encodeURIComponent(name)}/report.txt?download`);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${encodeURIComponent(`${name}.txt`)}`);
  });

  it('in no format that we have is refused, and nobody is asked', async () => {
    expect((await get('/v1/history/R/report.exe')).status).toBe(400);
    expect((await get('/v1/history/R/journal.jsonl')).status).toBe(400);
    expect(clerk.asked).toEqual([]);
  });

  it('that is refused is refused in the words of the error table', async () => {
    clerk.answer = new LabError('RUN_UNKNOWN', { run: '"R"', folder: 'runs' });
    const answer = await get('/v1/history/R/report.html');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'RUN_UNKNOWN', error: 'no run "R" under runs' });
  });
});

describe('a picture', () => {
  it('is asked for with its run and the colours of the page, and is harmless like a report', async () => {
    clerk.answer = '<svg/>';
    const answer = await get('/v1/history/R/pictures/timeline.svg?scheme=dark');
    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(clerk.asked).toEqual([{ kind: 'picture', run: 'R', name: 'timeline.svg', scheme: 'dark' }]);
  });
});
