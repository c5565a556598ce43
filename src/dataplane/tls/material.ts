/** From what a person wrote about certificates to contexts that Node can use. Whatever is wrong with a file is said with the key that names it. */
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { LabError, reasonOf } from '../../core/errors.js';
import { PEM_START } from './spec/tls-spec.js';

/** Which part of which proxy is read, for what is said of it. */
export interface Place {
  proxy: string;
  /** Like `tls.originate`. */
  part: string;
}

interface Written {
  ca?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
}

/** A context of these files or texts. Rejects with TLS_INVALID. */
export async function contextOf({ ca, certificate, key }: Written, { proxy, part }: Place): Promise<SecureContext> {
  const refuse = (name: string, error: unknown): never => {
    throw new LabError('TLS_INVALID', { proxy, key: `${part}.${name}`, reason: reasonOf(error) }, { cause: error });
  };
  const textOf = async (name: string, written: string | undefined): Promise<string | undefined> =>
    written === undefined || written.startsWith(PEM_START)
      ? written
      : readFile(written, 'utf8').catch((error: unknown) => refuse(name, error));
  const options: SecureContextOptions = {};
  const given = { ca: await textOf('ca', ca), cert: await textOf('certificate', certificate), key: await textOf('key', key) };
  for (const [name, text] of Object.entries(given)) if (text !== undefined) Object.assign(options, { [name]: text });
  try {
    return createSecureContext(options);
  } catch (error) {
    return refuse(key === undefined ? 'ca' : 'certificate', error);
  }
}
