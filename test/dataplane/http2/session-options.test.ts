import { describe, expect, it } from 'vitest';
import { carriedSettings } from '../../../src/dataplane/http2/session-options.js';
import { http2Callee, http2ProxyTo } from '../../support/http2.js';
import { until } from '../../support/tcp.js';

describe('settings', () => {
  it('of one side are told to the other, within bounds', () => {
    expect(carriedSettings(undefined)).toEqual({ maxConcurrentStreams: 1_000, initialWindowSize: 65_535 });
    expect(carriedSettings({ maxConcurrentStreams: 10, initialWindowSize: 1_024, enableConnectProtocol: true })).toEqual({
      maxConcurrentStreams: 10,
      initialWindowSize: 1_024,
      enableConnectProtocol: true,
    });
    expect(carriedSettings({ maxConcurrentStreams: 2 ** 32 - 1, initialWindowSize: 2 ** 31 - 1 })).toEqual({
      maxConcurrentStreams: 1_000,
      initialWindowSize: 1_048_576,
    });
  });

  it('reach both sides of a link', async () => {
    await using callee = await http2Callee(undefined, { settings: { maxConcurrentStreams: 7, initialWindowSize: 200_000 } });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial({ settings: { initialWindowSize: 300_000 } });
    await caller.ask({});
    await until('the caller knows those of the callee', () => caller.session.remoteSettings.maxConcurrentStreams === 7);
    expect(caller.session.remoteSettings.initialWindowSize).toBe(200_000);
    expect(callee.sessions[0]?.remoteSettings).toMatchObject({ initialWindowSize: 300_000, enablePush: false });
  });
});
