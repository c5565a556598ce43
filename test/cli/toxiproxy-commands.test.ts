import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/program.js';
import { cli, session, startDaemon } from '../support/cli.js';
import { until } from '../support/tcp.js';

function fileOf(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'faultlab-')), 'toxiproxy.json');
  writeFileSync(path, content);
  return path;
}

describe('faultlab proxy', () => {
  it('creates disabled, toggles, moves, populates and resets', async () => {
    await using daemon = await startDaemon();
    const run = async (...words: string[]) => (await cli('proxy', ...words, '--connect', daemon.url)).out;
    const enabled = () => daemon.daemon.proxies().map((proxy) => [proxy.name, proxy.enabled]);
    expect(JSON.parse(await run('create', 'p', '--upstream', 'localhost:9', '--disabled', '--json'))).toMatchObject({ enabled: false });
    expect(enabled()).toEqual([['p', false]]);
    expect(await run('toggle', 'p')).toMatch(/^p: enabled, 127\.0\.0\.1:\d+ -> localhost:9$/);
    expect(JSON.parse(await run('toggle', 'p', '--json'))).toMatchObject({ name: 'p', enabled: false });
    expect(await run('update', 'p', '--upstream', 'localhost:10')).toContain('-> localhost:10');
    const file = fileOf('[{"name":"q","listen":"localhost:0","upstream":"localhost:9"}]');
    expect(await run('populate', file)).toMatch(/^q: enabled, 127\.0\.0\.1:\d+ -> localhost:9$/);
    await run('reset');
    expect(enabled()).toEqual([
      ['p', true],
      ['q', true],
    ]);
    expect(JSON.parse(await run('delete', 'q', '--json'))).toEqual({ removed: 'q' });
  });

  it('says what is wrong in the server’s words', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    expect(await cli('proxy', 'toggle', 'none', ...connect)).toMatchObject({ code: 64, err: expect.stringContaining('proxy not found') });
    expect((await cli('proxy', 'populate', fileOf('{'), ...connect)).err).toContain('bad request body: unexpected EOF');
    expect((await cli('proxy', 'populate', '/nowhere', ...connect)).err).toContain('/nowhere: cannot be read');
    expect((await cli('proxy', 'reset', '--connect', 'http://127.0.0.1:1')).code).toBe(69);
  });
});

describe('faultlab fault', () => {
  it('adds, shows, changes and removes a fault without a lease, and an update leaves the share alone', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    const run = async (...words: string[]) => (await cli(...words, ...connect)).out;
    await run('proxy', 'create', 'p', '--upstream', 'localhost:9');
    expect(await run('proxy', 'inspect', 'p')).toBe('p: no fault that lives until it is removed');
    const add = ['fault', 'add', 'p', 'latency', '--until-removed', '--attribute', 'latency=100', '--attribute', 'jitter=5'];
    expect(await run(...add, '--percentage', '40', '--direction', 'up')).toBe('latency_upstream is on p until it is removed');
    expect(await run('fault', 'list')).toMatch(/toxic:p\/latency_upstream +latency +p +40.* % +until removed/);
    await run('fault', 'update', 'p', 'latency_upstream', '--attribute', 'jitter=0');
    expect(await run('proxy', 'inspect', 'p')).toMatch(/latency_upstream +latency +upstream +0\.4 +latency=100 jitter=0$/);
    expect(JSON.parse(await run('proxy', 'inspect', 'p', '--json'))).toMatchObject({ toxics: [{ toxicity: 0.4 }] });
    await run('fault', 'remove', '--proxy', 'p', 'latency_upstream');
    expect(daemon.daemon.faults()).toEqual([]);
    expect((await cli(...add, '--direction', 'both', ...connect)).err).toContain('flows up or down');
    expect((await cli('fault', 'add', 'p', 'latency', '--until-removed', '--attribute', 'x', ...connect)).err).toContain('name=value');
  });

  it('refuses what a fault without a lease, or one with a lease, would quietly ignore', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', 'localhost:9', ...connect);
    const lasting = ['fault', 'add', 'p', 'noop', '--until-removed', ...connect];
    expect(await cli(...lasting, '--pulse', '{active: 1s, dormant: 1s}', '--source', '10.0.0.0/8')).toMatchObject({
      code: 64,
      err: expect.stringMatching(/--source, --pulse: .*leave it out/),
    });
    expect((await cli(...lasting, '--lease', '5s')).err).toContain('--lease');
    expect((await cli('fault', 'add', 'p', 'reset', '--attribute', 'after=2s', ...connect)).err).toMatch(/--attribute: .*--value/);
    expect(daemon.daemon.faults()).toEqual([]);
  });

  it('takes a share as `40` or `40%`, and no other word for it', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', 'localhost:9', ...connect);
    const add = ['fault', 'add', 'p', 'noop', '--until-removed', ...connect];
    const update = ['fault', 'update', 'p', 'noop_downstream', ...connect];
    for (const wrong of ['many', '120', '-1']) expect((await cli(...add, `--percentage=${wrong}`)).err).toContain('from 0 to 100');
    await cli(...add, '--percentage', '40%');
    expect(daemon.daemon.faults()).toMatchObject([{ percentage: expect.closeTo(40, 3) }]);
    expect((await cli(...update, '--percentage', 'many')).err).toContain('from 0 to 100');
    await cli(...update, '--percentage', '20%');
    expect(daemon.daemon.faults()).toMatchObject([{ percentage: expect.closeTo(20, 3) }]);
  });

  it('tells of a lease that is none once, in units that can be written', async () => {
    const { err } = await cli('fault', 'add', 'p', 'noop', '--lease', '0s');
    expect(err).toContain('between 500ms and 600000ms');
    expect(err).not.toContain('duration:');
  });
});

describe('faultlab serve --config', () => {
  it('starts with the proxies and toxics of the file, and says what it could not do', async () => {
    const toxics = [{ type: 'latency', attributes: { latency: 5 } }];
    const file = fileOf(
      JSON.stringify([
        { name: 'a', listen: 'localhost:0', upstream: 'localhost:9', toxics },
        { name: 'b', upstream: 'localhost:9', enabled: false, toxics: [{ type: 'nonsense' }] },
        { name: 'c', upstream: 'localhost:9' },
      ]),
    );
    const { context, said, interrupt } = session();
    const ended = main(['serve', '--port', '0', '--json', '--proxy-metrics', '--config', file], context);
    await until('it says its address', () => said().out !== '');
    const { url } = JSON.parse(said().out) as { url: string };
    expect(await (await fetch(`${url}/proxies`)).json()).toMatchObject({ a: { enabled: true, toxics } });
    expect(Object.keys((await (await fetch(`${url}/proxies`)).json()) as object)).toEqual(['a']);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('toxiproxy_proxy_sent_bytes_total{direction="downstream"');
    expect(said().err).toContain('invalid toxic type');
    interrupt('SIGTERM');
    await ended;
  });
});
