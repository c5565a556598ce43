/** A certificate of its own signature, for subjects that terminate TLS and cannot make one themselves. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { whereIs } from './installed.mjs';

const run = promisify(execFile);

/** Paths of PEM files: the certificate, its key, and both in one. Undefined where there is no openssl. */
export async function makeCertificate(folder) {
  const openssl = whereIs('openssl');
  if (openssl === undefined) return undefined;
  const [certificate, key, both] = ['certificate.pem', 'key.pem', 'both.pem'].map((name) => join(folder, name));
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  await run(openssl, ['req', ...kind, '-keyout', key, '-out', certificate]);
  writeFileSync(both, readFileSync(certificate, 'latin1') + readFileSync(key, 'latin1'));
  return { certificate, key, both };
}
