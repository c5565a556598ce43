import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { http } from '../../../src/orchestrator/probes/http.js';
import { probing } from '../../support/probing.js';

let server: Server;
let address: string;
beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hangs') return;
    response.writeHead(request.url === '/sick' ? 503 : 200).end(request.url === '/state' ? '{"queue": 7}' : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (params: object, addresses: readonly string[], timeoutMs = 2_000) =>
  http.run(http.schema.parse({ target: { to: 's' }, ...params }), probing({ addresses: () => addresses }), AbortSignal.timeout(timeoutMs));

describe('the http probe', () => {
  it('is met when every instance answers as it should', async () => {
    expect(await ask({ path: '/ready' }, [address, address])).toMatchObject({ met: true, value: 200 });
    expect(await ask({ path: '/sick', tolerance: { in: [200, 503] } }, [address])).toMatchObject({ met: true, value: 503 });
  });

  it('names an instance that answers otherwise', async () => {
    expect(await ask({ path: '/sick' }, [address])).toEqual({ met: false, value: 503, detail: `${address}/sick answered 503` });
  });

  it('looks into bodies by regex and jsonpath', async () => {
    const queue = (range: number[]) => ({ path: '/state', tolerance: { jsonpath: '$.queue', expect: { range } } });
    expect(await ask(queue([0, 7]), [address])).toMatchObject({ met: true });
    expect(await ask(queue([0, 6]), [address])).toMatchObject({ met: false });
    expect(await ask({ path: '/state', tolerance: { regex: 'que+' } }, [address])).toMatchObject({ met: true });
    expect(await ask({ path: '/state', tolerance: { regex: '^$' } }, ['127.0.0.1:1'])).toMatchObject({ met: false });
  });

  it('takes a refused connection and a silent server for failures, not for errors of ours', async () => {
    server.close();
    expect(await ask({ path: '/ready' }, ['127.0.0.1:1'])).toMatchObject({ met: false, value: 0 });
    expect(await ask({ path: '/hangs' }, [address], 100)).toMatchObject({ met: false, value: 0 });
  });

  it('cannot judge a service without instances', async () => {
    expect(await ask({}, [])).toMatchObject({ met: null });
  });
});
