/** Observations of two agents on their way to a run: every way that a plan can say, ways that are barred, and hosts that are cut off or gone. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import type { ObservationRoute } from '../../src/orchestrator/fleet/observation-route.js';
import { type AgentWay, fleetPlan, prepareRun, startAgent, type TestAgent, type TestRun, TWO_ZONES } from '../support/agents.js';
import { hasEtcd, startEtcd } from '../support/etcd.js';
import { edited } from '../support/experiment.js';
import { forThisTest } from '../support/for-this-test.js';
import { nodeServer } from '../support/http-peers.js';
import { until } from '../support/until.js';

const LINKS = ['front-1->back-1', 'back-1->front-1'];
const TOKEN = 'let-me-in';

/** Two hosts, and a run whose links lead to a server that answers. */
async function twoHosts({ route = { kind: 'direct' }, way = {} }: { route?: ObservationRoute; way?: AgentWay } = {}) {
  const server = await startEtcd();
  const agents = [await startAgent(server, 'a', { zone: 'a' }, way), await startAgent(server, 'b', { zone: 'b' })] as const;
  const upstream = forThisTest(await nodeServer((_request, response) => void response.end('ok')));
  const place = `127.0.0.1:${upstream.port}`;
  const plan = fleetPlan(edited(edited(TWO_ZONES, '127.0.0.1:9001', place), '127.0.0.1:9003', place));
  const run = prepareRun(server, { plan, route, onAgentLoss: 'continue', observationsWithinMs: 40_000 });
  return { server, agents, run };
}

/** One request after the other over a link that this agent carries. */
async function call({ daemon }: TestAgent, link: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await (await fetch(`http://${daemon.proxy(link).listen}/${i}`)).text();
}

/** 300 requests over two seconds, while nobody can be told of them. */
async function callForAWhile(agent: TestAgent): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await call(agent, LINKS[0] ?? '', 60);
    await sleep(hostClock, 400);
  }
}

/** Ends it, and says what has come: exchanges of each link, and how many are known to be missing. */
async function settled({ driver }: TestRun): Promise<{ counts: readonly number[]; lost: number }> {
  await driver.settle();
  const seen: string[] = [];
  let lost = 0;
  for (let after = 0, more = true; more; ) {
    const page = await driver.observations({ after, waitMs: 0, signal: AbortSignal.timeout(5_000) });
    more = page.next > after;
    after = page.next;
    lost += page.lost;
    for (const one of page.observations) if (one.kind === 'exchange') seen.push(one.link);
  }
  return { counts: LINKS.map((link) => seen.filter((name) => name === link).length), lost };
}

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-ways-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** PUT and GET, for whoever has the token. */
async function store({ refuses = '' } = {}) {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    const { url = '', method = '', headers } = request;
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      if (method === refuses || headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(403).end('not for you');
      if (method === 'PUT') objects.set(url, Buffer.concat(pieces));
      const found = objects.get(url);
      return response.writeHead(found === undefined ? 404 : 200).end(found);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  const route: ObservationRoute = { kind: 'store', url: `http://127.0.0.1:${port}/lab?sig=secret`, token: TOKEN };
  return { objects, route };
}

/** Between an agent and the run; shut, it lets nothing through either way, and tells nobody. */
async function door() {
  const open = new Set<net.Socket>();
  let target: URL | undefined;
  let isShut = false;
  const server = net.createServer((near) => {
    open.add(near.on('error', () => {}));
    if (isShut || target === undefined) return;
    const far = net.connect(Number(target.port), target.hostname).on('error', () => {});
    open.add(far);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    reach: ({ url }: { url: string }): string => {
      target = new URL(url);
      return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    },
    shut: (): void => {
      isShut = true;
      for (const socket of open) socket.unpipe().pause();
    },
    unshut: (): void => {
      isShut = false;
      for (const socket of open) socket.destroy();
    },
  };
}

describe.skipIf(!hasEtcd())('what two hosts observe', { timeout: 120_000 }, () => {
  it.each(['direct', 'folder', 'store'] as const)('comes to the run %s', async (kind) => {
    const folder = folderOfTest();
    const { objects, route: toStore } = await store();
    const routes = { direct: { kind }, folder: { kind, folder }, store: toStore } as Record<typeof kind, ObservationRoute>;
    const { agents, run } = await twoHosts({ route: routes[kind] });
    await run.begin('r1');
    await Promise.all([call(agents[0], LINKS[0] ?? '', 7), call(agents[1], LINKS[1] ?? '', 5)]);
    expect(await settled(run)).toEqual({ counts: [7, 5], lost: 0 });
    if (kind === 'store') expect([...objects.keys()].sort()[0]).toMatch(/^\/lab\/r1\/a\/.+\/1\.ndjson\.gz\?sig=secret$/);
    await run[Symbol.asyncDispose]();
    expect(readdirSync(folder), 'nothing stays in the folder').toEqual([]);
  });

  it('is asked for before anything else, and the run ends where it cannot come, with the reason and without a secret', async () => {
    const begun = async (given: Parameters<typeof twoHosts>[0]): Promise<string> => {
      const { run } = await twoHosts(given);
      const failure = await run.begin('r1').then(
        () => new Error('it began'),
        (error: Error) => error,
      );
      expect(failure).toMatchObject({ code: 'OBSERVATIONS_STUCK' });
      expect(failure.message + run.notes.join()).not.toMatch(/secret|let-me-in/);
      return failure.message;
    };
    const routes: readonly ObservationRoute[] = [
      { kind: 'folder', folder: '/proc/no-such-folder' },
      (await store({ refuses: 'PUT' })).route,
      (await store({ refuses: 'GET' })).route,
    ];
    const barred = begun({ way: { reach: () => 'http://127.0.0.1:1' } });
    const [folder, unwritable, unread] = await Promise.all(routes.map((route) => begun({ route })));
    expect(folder).toContain('there is no folder /proc/no-such-folder');
    const by = 'reaches the run by way of a store';
    expect([unwritable, unread]).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(new RegExp(`${by}: .*/lab/r1/.* answers 403`))),
    );
    expect(await barred).toMatch(/nothing that a observes .* directly: .*ECONNREFUSED/);
  });

  it('is all there when a host was cut off from the run for a while, and the host went on', async () => {
    const { reach, shut, unshut } = await door();
    const { agents, run } = await twoHosts({ way: { reach } });
    await run.begin('r1');
    await call(agents[0], LINKS[0] ?? '', 20);
    shut();
    await callForAWhile(agents[0]);
    await call(agents[1], LINKS[1] ?? '', 5);
    unshut();
    await call(agents[0], LINKS[0] ?? '', 20);
    expect(await settled(run)).toEqual({ counts: [340, 5], lost: 0 });
  });

  it('is counted as lost beyond what the disk of the host may hold meanwhile', async () => {
    const { reach, shut, unshut } = await door();
    const { agents, run } = await twoHosts({ way: { reach, bytesMax: 5_000 } });
    await run.begin('r1');
    await call(agents[0], LINKS[0] ?? '', 20);
    shut();
    await callForAWhile(agents[0]);
    await until(() => run.membership.intake.streams().length === 2);
    unshut();
    const { counts, lost } = await settled(run);
    expect(lost).toBeGreaterThan(50);
    expect((counts[0] ?? 0) + lost, 'each is here or is counted; connections count, too').toBeGreaterThanOrEqual(320);
    expect(counts[0]).toBeLessThan(320);
  });
});
