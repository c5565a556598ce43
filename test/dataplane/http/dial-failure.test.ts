import { describe, expect, it } from 'vitest';
import { dialFailure } from '../../../src/dataplane/http/dial-failure.js';

const told = (code: string): string =>
  dialFailure({ link: 'a->b', upstream: { host: '127.0.0.1', port: 443 } }, Object.assign(new Error('no'), { code }));

describe('the sentence about a callee that cannot be reached', () => {
  it('says who could not connect to whom, and why', () => {
    expect(told('ECONNREFUSED')).toBe('a->b: cannot connect to 127.0.0.1:443: ECONNREFUSED');
  });

  it('says what to do where a certificate or the protocol is the reason', () => {
    expect(told('DEPTH_ZERO_SELF_SIGNED_CERT')).toContain('DEPTH_ZERO_SELF_SIGNED_CERT (nobody whom this link trusts');
    expect(told('ERR_TLS_CERT_ALTNAME_INVALID')).toContain('tls.originate.serverName');
    expect(told('ERR_SSL_WRONG_VERSION_NUMBER')).toContain('leave out tls.originate');
  });
});
