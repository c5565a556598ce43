/**
 * Where the lab's authority is kept between daemons: its key and certificate in one file that only its owner can read, and the certificate alone beside
 * it for those who are to trust it. Daemons that start together in one folder end up with the same authority.
 */
import { randomUUID, X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, reasonOf } from '../../core/errors.js';
import type { Identity } from './certificates.js';

const SECRET_FILE = 'lab-ca.key.pem';
/** The certificate, for those who are to trust it. */
const CERTIFICATE_FILE = 'lab-ca.pem';
/** One that ends within this time is not begun with. */
const LEFT_MS_MIN = 86_400e3;

interface Kept {
  /** Makes the one that is kept from then on. */
  create(): Promise<Identity>;
  /** Since the epoch. */
  nowMs: number;
}

/** The authority of this folder; made if there is none. Rejects with CA_UNUSABLE. */
export async function keptAuthority(folder: string, { create, nowMs }: Kept): Promise<Identity> {
  const file = join(folder, SECRET_FILE);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const identity = parse((await contentOf(file)) ?? (await keep(file, await create())), nowMs);
    await writeFile(join(folder, CERTIFICATE_FILE), identity.certificate);
    return identity;
  } catch (error) {
    throw new LabError('CA_UNUSABLE', { file, reason: reasonOf(error) }, { cause: error });
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, and never over another's: whoever is second takes what the first has put there. */
async function keep(file: string, { certificate, key }: Identity): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${key}\n${certificate}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await unlink(draft);
  }
  return readFile(file, 'utf8');
}

function parse(text: string, nowMs: number): Identity {
  const [key] = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/.exec(text) ?? [];
  const [certificate] = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(text) ?? [];
  if (key === undefined || certificate === undefined) throw new Error('it holds no key and certificate');
  const { validTo, ca } = new X509Certificate(certificate);
  if (!ca) throw new Error('its certificate is no authority’s');
  if (Date.parse(validTo) - nowMs < LEFT_MS_MIN) throw new Error(`its certificate ends on ${validTo}`);
  return { key, certificate };
}
