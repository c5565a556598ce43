import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import type { CertificateFlaw } from '../../../src/dataplane/faults/fault.js';
import { LabAuthority } from '../../../src/dataplane/tls/lab-authority.js';
import { VirtualClock } from '../../support/clock.js';
import { serve } from '../../support/tcp.js';

/** What a client that trusts `ca` and asks for `name` says of the certificate in this context, and the certificate. */
async function shown(
  context: tls.SecureContext,
  { ca, name }: { ca: string; name: string },
): Promise<{ problem: string | undefined; certificate: X509Certificate }> {
  await using server = await serve((socket) => new tls.TLSSocket(socket, { isServer: true, secureContext: context }).on('error', () => {}));
  const asked = net.isIP(name) ? { host: name } : { host: '127.0.0.1', servername: name };
  const client = tls.connect({ port: server.port, ca, ...asked, rejectUnauthorized: false });
  await new Promise((resolve, reject) => client.once('secureConnect', resolve).once('error', reject));
  const certificate = client.getPeerX509Certificate();
  if (certificate === undefined) throw new Error('no certificate was shown');
  const mismatch = tls.checkServerIdentity(name, certificate.toLegacyObject()) as NodeJS.ErrnoException | undefined;
  client.destroy();
  return { problem: (client.authorizationError as unknown as string | null) ?? mismatch?.code, certificate };
}

describe('the lab authority', () => {
  const authority = new LabAuthority(hostClock);

  it.each(['payments.test', '127.0.0.1'])('signs what clients that trust it accept for %s', async (name) => {
    const context = await authority.context([name]);
    expect((await shown(context, { ca: await authority.certificate(), name })).problem).toBeUndefined();
  });

  it('signs for several names and addresses at once', async () => {
    const context = await authority.context(['localhost', '127.0.0.1', '::1']);
    const { certificate } = await shown(context, { ca: await authority.certificate(), name: 'localhost' });
    expect([certificate.checkHost('localhost'), certificate.checkIP('127.0.0.1'), certificate.checkIP('::1')]).not.toContain(undefined);
  });

  it.each<[string, CertificateFlaw, string]>([
    ['that has expired', { expiredForMs: 60_000 }, 'CERT_HAS_EXPIRED'],
    ['for another host', { name: 'elsewhere.invalid' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that signed itself', { issuer: 'self' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of an authority that nobody knows', { issuer: 'stranger' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('makes one %s, and a client says so', async (_what, flaw, problem) => {
    const context = await authority.context(['payments.test'], flaw);
    expect((await shown(context, { ca: await authority.certificate(), name: 'payments.test' })).problem).toBe(problem);
  });

  it('keeps what it has made, each kind by itself, and asks nobody twice', async () => {
    const [one, again, flawed] = await Promise.all([
      authority.context(['kept.test']),
      authority.context(['kept.test']),
      authority.context(['kept.test'], { issuer: 'self' }),
    ]);
    expect(again).toBe(one);
    expect(flawed).not.toBe(one);
  });

  it('keeps a bounded number of them, whatever names callers ask for', async () => {
    const busy = new LabAuthority(hostClock, { contextsMax: 5 });
    const first = await busy.context(['0.test']);
    await Promise.all(Array.from({ length: 20 }, (_, i) => busy.context([`${i + 1}.test`])));
    expect(busy.contextCount).toBe(5);
    expect(await busy.context(['0.test'])).not.toBe(first);
  });

  it('makes one anew long before it ends', async () => {
    const clock = new VirtualClock();
    const lasting = new LabAuthority(clock);
    const first = await lasting.context(['old.test']);
    expect(await lasting.context(['old.test'])).toBe(first);
    clock.advance(31 * 86_400e3);
    expect(await lasting.context(['old.test'])).not.toBe(first);
  });

  it('takes names that are too long for a subject', async () => {
    const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.test`;
    const { problem } = await shown(await authority.context([name]), { ca: await authority.certificate(), name });
    expect(problem).toBeUndefined();
  });
});

describe('a folder for the authority', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'lab-ca-')), 'state');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  it('is made, and the next daemon finds the same authority there', async () => {
    const certificate = await new LabAuthority(hostClock, { folder }).certificate();
    expect(await new LabAuthority(hostClock, { folder }).certificate()).toBe(certificate);
    expect(await readFile(join(folder, 'lab-ca.pem'), 'utf8')).toBe(certificate);
    expect(new X509Certificate(certificate).ca).toBe(true);
  });

  it('keeps the key from everybody else', async () => {
    await new LabAuthority(hostClock, { folder }).certificate();
    expect((await stat(join(folder, 'lab-ca.key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'lab-ca.pem'), 'utf8')).not.toContain('PRIVATE');
  });

  it('gives daemons that start at the same time the same authority', async () => {
    const certificates = await Promise.all(Array.from({ length: 8 }, () => new LabAuthority(hostClock, { folder }).certificate()));
    expect(new Set(certificates).size).toBe(1);
  });

  it.each(['nonsense', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'])(
    'with %j in it is refused, and left as it is',
    async (text) => {
      const authority = new LabAuthority(hostClock, { folder });
      await authority.certificate();
      await writeFile(join(folder, 'lab-ca.key.pem'), text);
      await expect(new LabAuthority(hostClock, { folder }).certificate()).rejects.toMatchObject({ code: 'CA_UNUSABLE' });
      expect(await readFile(join(folder, 'lab-ca.key.pem'), 'utf8')).toBe(text);
    },
  );

  it('whose authority has ended is refused', async () => {
    const clock = new VirtualClock();
    await new LabAuthority(clock, { folder }).certificate();
    clock.advance(3_650 * 86_400e3);
    await expect(new LabAuthority(clock, { folder }).certificate()).rejects.toMatchObject({ code: 'CA_UNUSABLE' });
  });
});
