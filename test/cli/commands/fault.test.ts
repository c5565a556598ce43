import { describe, expect, it } from 'vitest';
import { cli, startDaemon } from '../../support/cli.js';

describe('faultlab fault', () => {
  it('adds one with a lease, lists it, and takes it away', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', '--protocol', 'http', ...connect);
    const added = await cli('fault', 'add', 'p', 'abort', '--value', '{status: 503}', '--percentage', '40', '--lease', '30s', ...connect);
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining('abort-p is on for 30s') });
    expect((await cli('fault', 'list', ...connect)).out).toMatch(/abort-p +abort +p +40 % +\d/);
    expect(JSON.parse((await cli('fault', 'list', '--json', ...connect)).out)).toMatchObject([
      { id: 'abort-p', run: 'by-hand', percentage: 40 },
    ]);
    expect((await cli('fault', 'remove', 'abort-p', ...connect)).out).toBe('ended: abort-p');
    expect((await cli('fault', 'remove', ...connect)).out).toBe('no fault was on');
    expect((await cli('fault', 'list', ...connect)).out).toBe('no fault is on');
  });

  it('says which name is of no fault, and which there are', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...connect);
    for (const id of ['a', 'b']) await cli('fault', 'add', 'p', 'noop', '--id', id, ...connect);
    expect(await cli('fault', 'remove', 'nope', 'a', ...connect)).toMatchObject({
      code: 64,
      out: 'ended: a',
      err: expect.stringMatching(/no fault named "nope" is on[\s\S]*on are: b/),
    });
    expect((await cli('fault', 'remove', 'b', ...connect)).code).toBe(0);
  });

  it('names options as they are written, and the fault that suits requests', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'h', '--upstream', '127.0.0.1:9', '--protocol', 'http', ...connect);
    await cli('proxy', 'create', 't', '--upstream', '127.0.0.1:9', ...connect);
    expect((await cli('fault', 'add', 'h', 'abort', '--key-by', 'user', ...connect)).err).toContain('--key-by: expected request, ');
    expect((await cli('fault', 'add', 'h', 'abort', '--match', '{pathh: /a}', ...connect)).err).toContain('--match.pathh: unknown key');
    expect((await cli('fault', 'add', 'h', 'reset', ...connect)).out).toMatch(/for single requests there is resetExchange$/);
    expect((await cli('fault', 'add', 't', 'reset', ...connect)).out).not.toContain('resetExchange');
  });

  it('adds one that ramps for some callers, and changes it', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...connect);
    const envelope = [
      '--source',
      '10.0.0.0/8',
      '127.0.0.1',
      '--ramp',
      '{from: 5, to: 50, step: 5, every: 30s}',
      '--pulse',
      '{active: 5s, dormant: 5s}',
    ];
    expect((await cli('fault', 'add', 'p', 'noop', ...envelope, ...connect)).code).toBe(0);
    expect((await cli('fault', 'list', ...connect)).out).toMatch(/noop-p +noop +p +5 %/);
    expect((await cli('fault', 'change', 'noop-p', '--percentage', '20%', ...connect)).out).toBe('noop-p is changed: 20 % of what matches');
    expect(JSON.parse((await cli('fault', 'change', 'noop-p', '--value', '{}', '--json', ...connect)).out)).toMatchObject({
      percentage: 20,
    });
    expect((await cli('fault', 'change', 'noop-p', ...connect)).code).toBe(64);
    expect((await cli('fault', 'change', 'noop-p', '--percentage', '120', ...connect)).code).toBe(64);
    expect(await cli('fault', 'change', 'nobody', '--percentage', '1', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('nobody'),
    });
    expect((await cli('fault', 'add', 'p', 'noop', '--id', 'b', '--source', 'everywhere', ...connect)).err).toContain(
      'expected addresses or networks',
    );
  });

  it('adds one with conditions and a place in the count, and releases what it holds', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', '--protocol', 'http', ...connect);
    const whom = ['--match', '{path: /stock*, query: {debug: 1}}', '--exclude', '[probes, {path: /stock/admin}]', '--key-by', 'connection'];
    const counts = ['--first', '9', '--every', '2', '--max-active', '3'];
    expect(await cli('fault', 'add', 'p', 'hold', ...whom, ...counts, ...connect)).toMatchObject({ code: 0 });
    expect((await cli('fault', 'list', ...connect)).out).toMatch(/matched +applied +overflow +unread +held[\s\S]*hold-p/);
    expect(await cli('fault', 'release', 'hold-p', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('holds nothing now'),
    });
    expect(await cli('fault', 'release', 'nobody', ...connect)).toMatchObject({ code: 64, err: expect.stringContaining('nobody') });
    expect(await cli('fault', 'release', 'hold-p', '--count', 'two', ...connect)).toMatchObject({ code: 64 });
    expect(await cli('fault', 'add', 'p', 'abort', '--nth', '0', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('--nth'),
    });
  });

  it('says what is wrong before anything is on', async () => {
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...connect);
    expect(await cli('fault', 'add', 'p', 'latency', '--percentage', '140', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('0 to 100'),
    });
    expect(await cli('fault', 'add', 'p', 'abort', ...connect)).toMatchObject({
      code: 64,
      err: expect.stringContaining('needs a proxy that carries http'),
    });
    expect((await cli('fault', 'add', 'p', 'latency', '--value', '{latency: [', ...connect)).code).toBe(64);
    expect((await cli('fault', 'add', 'q', 'noop', ...connect)).err).toMatch(/no proxy named "q"[\s\S]*proxy list/);
    expect(daemon.daemon.faults()).toEqual([]);
  });
});
