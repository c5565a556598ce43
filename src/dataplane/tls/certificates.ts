/**
 * Certificates as such: an authority's own, and those that it signs. The library behind it is loaded when the first one is wanted, because it takes
 * longer to load than a daemon takes to start.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, webcrypto } from 'node:crypto';
import net from 'node:net';
import { promisify } from 'node:util';
import type { JsonGeneralName } from '@peculiar/x509';

/** Small and quick to sign, and every TLS client of the last decade takes it. */
const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400e3;
const AUTHORITY_DAYS = 3_650;
/** Clocks of callers differ: what we sign was valid a day ago. */
const SLACK_MS = DAY_MS;
/** What fits into a subject; the alternative names, which are what clients look at, have room for all of it. */
const COMMON_NAME_MAX = 64;

/** A certificate and the key that belongs to it, as PEM text. */
export interface Identity {
  certificate: string;
  key: string;
}

export interface LeafRequest {
  /** Host names and IP addresses; the first is also the subject. */
  names: readonly string[];
  validUntilMs: number;
  /** Since the epoch. */
  nowMs: number;
  /** The key of the certificate that is wanted, as PEM text. */
  key: string;
}

async function library() {
  // It asks for this to be there before it.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

/** A new key, as PEM text. */
export async function createKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: KEY.namedCurve });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** An authority that has signed itself. */
export async function createAuthority({ name, nowMs }: { name: string; nowMs: number }): Promise<Identity> {
  const x509 = await library();
  const key = await createKey();
  const keys = await keyPairOf(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}, O=faultlab`,
    keys,
    notBefore: new Date(nowMs - SLACK_MS),
    notAfter: new Date(nowMs + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: KEY,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key };
}

/** A certificate of a server, or of a client, signed by `authority`, or by its own key if there is none. */
export async function createLeaf(authority: Identity | undefined, { names, validUntilMs, nowMs, key }: LeafRequest): Promise<string> {
  const x509 = await library();
  const own = await keyPairOf(key);
  const signer = authority && { certificate: new x509.X509Certificate(authority.certificate), keys: await keyPairOf(authority.key) };
  const subject = [{ CN: [(names[0] ?? '').slice(0, COMMON_NAME_MAX)] }];
  const { privateKey: signingKey, publicKey: signerKey } = signer?.keys ?? own;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: signer?.certificate.subject ?? subject,
    notBefore: new Date(Math.min(nowMs, validUntilMs) - SLACK_MS),
    notAfter: new Date(validUntilMs),
    signingKey,
    publicKey: own.publicKey,
    signingAlgorithm: KEY,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value): JsonGeneralName => ({ type: net.isIP(value) ? 'ip' : 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(signerKey),
    ],
  });
  return certificate.toString('pem');
}

async function keyPairOf(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', pkcs8, KEY, true, ['sign']),
    webcrypto.subtle.importKey('spki', spki, KEY, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}
