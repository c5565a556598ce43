import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/program.js';
import { tlsFrom } from '../../src/cli/tls-options.js';
import { cli, session, startDaemon } from '../support/cli.js';
import { curl, nodeServer } from '../support/http-peers.js';
import { until } from '../support/tcp.js';
import { foreignAuthority, serveTls } from '../support/tls.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultlab-cli-tls-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('the options about TLS', () => {
  it('say nothing if there are none', () => {
    expect(tlsFrom({})).toBeUndefined();
  });

  it.each([
    [{ tls: 'yes' }, 'expected terminate, originate or both'],
    [{ tls: 'originate', tlsCert: 'x' }, 'x'],
    [{ tlsServerName: 'a.test' }, '--tls originate'],
    [{ tls: 'terminate', tlsVerify: 'none' }, '--tls originate'],
  ])('are refused where they make no sense: %j', (options, words) => {
    expect(() => tlsFrom(options)).toThrow(words);
  });
});

describe('faultlab proxy create --tls', () => {
  it('makes a proxy that callers trust who trust what `proxy ca` says', async () => {
    await using server = await nodeServer();
    await using daemon = await startDaemon();
    const connect = ['--connect', daemon.url];
    const upstream = ['--upstream', `127.0.0.1:${server.port}`];
    expect((await cli('proxy', 'create', 'p', '--protocol', 'http', '--tls', 'terminate', ...upstream, ...connect)).code).toBe(0);
    expect((await cli('proxy', 'list', ...connect)).out).toContain('http, tls: terminate');
    const file = join(folder, 'ca.pem');
    expect((await cli('proxy', 'ca', '--out', file, ...connect)).code).toBe(0);
    expect((await cli('proxy', 'ca', ...connect)).out).toBe(await readFile(file, 'utf8'));
    const { listen } = daemon.daemon.proxy('p');
    expect((await curl('--cacert', file, `https://${listen}/`)).exit).toBe(0);
    const added = await cli('fault', 'add', 'p', 'certExpired', ...connect);
    expect(added).toMatchObject({ code: 0 });
    expect((await curl('--cacert', file, `https://${listen}/`)).stderr).toContain('certificate has expired');
  });

  it('takes certificates from files and reaches a callee that wants one', async () => {
    const { authority, issue } = await foreignAuthority();
    const [own, client] = [await issue('b.test'), await issue('a.test')];
    const options = { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true };
    await using server = await serveTls(options, (socket) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nyes')));
    await using daemon = await startDaemon();
    const files = {
      ca: await fileOf('ca.pem', authority.certificate),
      cert: await fileOf('a.pem', client.certificate),
      key: await fileOf('a.key', client.key),
    };
    const flags = ['--tls-ca', files.ca, '--tls-client-cert', files.cert, '--tls-client-key', files.key, '--tls-server-name', 'b.test'];
    const place = ['--upstream', `127.0.0.1:${server.port}`, '--connect', daemon.url];
    const created = await cli('proxy', 'create', 'p', '--protocol', 'http', '--tls', 'originate', ...flags, ...place);
    expect(created).toMatchObject({ code: 0, err: '' });
    expect((await curl(`http://${daemon.daemon.proxy('p').listen}/`)).stdout).toBe('yes');
  });

  it.each([
    [['--tls', 'both', '--tls-verify', 'maybe'], 'verify'],
    [['--tls', 'both', '--tls-cert', 'no-such-file'], 'no-such-file'],
    [['--tls-cert', import.meta.filename, '--tls', 'originate'], '--tls terminate'],
    [['--tls', 'terminate', '--tls-cert', import.meta.filename], 'certificate'],
  ])('refuses %j and says why', async (options, words) => {
    await using daemon = await startDaemon();
    const refused = await cli('proxy', 'create', 'p', '--upstream', '127.0.0.1:9', ...options, '--connect', daemon.url);
    expect(refused).toMatchObject({ code: 64, err: expect.stringContaining(words) });
  });
});

describe('faultlab serve', () => {
  it('keeps its CA in --state, and takes the keys of tls with dots', async () => {
    const state = join(folder, 'state');
    const certificates: string[] = [];
    for (const tls of ['tls=terminate', 'tls.terminate=true,tls.originate.verify=none']) {
      const { context, said, interrupt } = session();
      const served = main(['serve', '--port', '0', '--state', state, '--proxy', `name=p,${tls},upstream=127.0.0.1:9`], context);
      await until('it serves', () => said().out.includes('p: tcp') || said().err !== '');
      const url = /at (http:\S+)/.exec(said().out)?.[1] ?? '';
      certificates.push(await (await fetch(`${url}/v1/ca.pem`)).text());
      interrupt('SIGTERM');
      await served;
    }
    expect(certificates).toEqual(Array(2).fill(await readFile(join(state, 'lab-ca.pem'), 'utf8')));
  });
});
