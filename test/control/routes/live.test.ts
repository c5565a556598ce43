import { get, type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { LiveSnapshot, RunNews } from '../../../src/control/live/contract.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';
import { DaemonDriver } from '../../../src/orchestrator/drivers/daemon.js';
import { servedControl } from '../../support/control.js';
import { forThisTest } from '../../support/for-this-test.js';
import { runNews } from '../../support/run-news.js';

const started = runNews().events.filter(({ type }) => type === 'runStarted');
const HOSTILE = '<script>alert(1)</script>"\n\ndata: {"evil":1}\n\nevent: gap';

async function served() {
  const control = forThisTest(await servedControl({ pageFolder: '/nowhere' }));
  const snapshot = async (): Promise<LiveSnapshot> => (await fetch(`${control.url}/v1/live`)).json() as Promise<LiveSnapshot>;
  return { ...control, snapshot };
}

/** Reads the stream until it has said enough; leaves as a page does that is closed. */
function streamed(
  url: string,
  { boot, after, isEnough }: { boot: string; after: number; isEnough: (text: string) => boolean },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const asked = request(`${url}/v1/live/stream?boot=${boot}&after=${after}`, (response) => {
      response.setEncoding('utf8');
      const done = (): void => {
        asked.destroy();
        resolve(text);
      };
      response.on('data', (more: string) => {
        text += more;
        if (isEnough(text)) done();
      });
      response.on('end', done);
      response.on('error', () => {});
    });
    asked.on('error', reject);
    asked.end();
  });
}

const idsOf = (text: string): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

describe('/v1/live', () => {
  it('tells what a run says of itself, with hostile names as text', async () => {
    const { daemon, url, snapshot } = await served();
    const driver = new DaemonDriver({ url });
    expect((await driver.status()).wantsNews).toBe(true);
    const { epoch } = await driver.claim('r');
    const { boot, seq } = await snapshot();
    const note = { n: 2, atMs: 2, type: 'note', text: HOSTILE } as const;
    const news: RunNews = { epoch, events: [...started, note], seconds: [], faultChanges: [], fleet: null, verdicts: null, lost: 0 };
    await driver.tell(news);
    await daemon.createProxy(proxySpecSchema.parse({ name: 'a->b', protocol: 'tcp', upstream: '127.0.0.1:9' }));
    const text = await streamed(url, { boot, after: seq, isEnough: (said) => said.includes('event: state') });
    const told = text.split('\n\n').map((block) => /^event: (\w+)\ndata: (.*)$/m.exec(block)?.slice(1) ?? []);
    const events = told.map(([event]) => event);
    expect(events.slice(0, 2)).toEqual(['run', 'journal']);
    expect(events).not.toContain('gap');
    expect(JSON.parse(told[1]?.[1] ?? '')).toEqual(note);
    expect(await snapshot()).toMatchObject({ run: { run: 'r' }, events: [note], proxies: [{ name: 'a->b' }], claimedBy: 'r' });
  });

  it('goes on where a stream was cut: nothing is lost and nothing comes twice', async () => {
    const { url, snapshot } = await served();
    const driver = new DaemonDriver({ url });
    const { epoch } = await driver.claim('r');
    const { boot, seq } = await snapshot();
    const ids: number[] = [];
    for (let round = 0; round < 5; round++) {
      const events = Array.from({ length: 20 }, (_, i) => ({ n: 2 + round * 20 + i, atMs: 1, type: 'note', text: 'x' }) as const);
      await driver.tell({ epoch, events: [...started, ...events], seconds: [], faultChanges: [], fleet: null, verdicts: null, lost: 0 });
      const after = ids.at(-1) ?? seq;
      const text = await streamed(url, { boot, after, isEnough: (said) => idsOf(said).length >= 10 });
      // The last block may have been cut in the middle; a page only counts whole ones.
      ids.push(...idsOf(text.slice(0, text.lastIndexOf('\n\n') + 1)));
    }
    expect(ids).toEqual(ids.map((_, index) => seq + 1 + index));
    expect(ids.length).toBeGreaterThanOrEqual(50);
  });

  it('bears a page that stands still while 20 MB of events come: it is cut with a gap, and others are not kept waiting', async () => {
    const { url, snapshot } = await served();
    const driver = new DaemonDriver({ url });
    const { epoch } = await driver.claim('r');
    const { boot, seq } = await snapshot();
    const still = await new Promise<IncomingMessage>((resolve) => get(`${url}/v1/live/stream?boot=${boot}&after=${seq}`, resolve));
    for (let batch = 0; batch < 10; batch++) {
      const events = Array.from(
        { length: 200 },
        (_, i) => ({ n: 2 + batch * 200 + i, atMs: 1, type: 'note', text: 'y'.repeat(10_000) }) as const,
      );
      await driver.tell({ epoch, events: [...started, ...events], seconds: [], faultChanges: [], fleet: null, verdicts: null, lost: 0 });
    }
    let text = '';
    for await (const chunk of still) text += String(chunk);
    expect(text.endsWith('event: gap\ndata: {"reason":"late"}\n\n')).toBe(true);
    expect(text.length).toBeLessThan(18e6);
    expect((await snapshot()).events.at(-1)).toMatchObject({ n: 2_001 });
  }, 20_000);

  it('says that it has another life to who knew the one before', async () => {
    const { url, snapshot } = await served();
    const { boot, seq } = await snapshot();
    const text = await streamed(url, { boot: `${boot}-before`, after: seq, isEnough: () => false });
    expect(text).toBe('event: gap\ndata: {"reason":"restarted"}\n\n');
  });

  it('is told nothing by who has no claim, and nothing that is no news', async () => {
    const { url, raw } = await served();
    const driver = new DaemonDriver({ url });
    const { epoch } = await driver.claim('r');
    const other = DaemonDriver.speakFor({ url, run: 'other' });
    const news: RunNews = { epoch, events: started, seconds: [], faultChanges: [], fleet: null, verdicts: null, lost: 0 };
    await expect(other.tell(news)).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
    const bad = await raw('POST', '/v1/runs/r/events', { body: '{"epoch":1,"events":"all"}', head: ['Content-Type: application/json'] });
    expect(bad.status).toBe(400);
  });

  it('refuses a query that makes no sense, and a link that nobody has seen', async () => {
    const { raw } = await served();
    expect((await raw('GET', '/v1/live/stream?boot=x&after=-1')).status).toBe(400);
    expect((await raw('GET', '/v1/live/stream')).status).toBe(400);
    expect((await raw('GET', '/v1/live/history?link=nobody')).status).toBe(404);
  });
});
