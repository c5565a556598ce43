/** A plan names files from where the run was started; a daemon that was started elsewhere has to find the same ones. */
import { resolve } from 'node:path';
import { PEM_START, type TlsSpec } from './tls-spec.js';

const FILES = ['ca', 'certificate', 'key'] as const;

export function withAbsoluteFiles({ terminate, originate, ...rest }: TlsSpec): TlsSpec {
  return { ...rest, ...(terminate && { terminate: absolute(terminate) }), ...(originate && { originate: absolute(originate) }) };
}

function absolute<T extends { [K in (typeof FILES)[number]]?: string | undefined }>(end: T): T {
  const files = FILES.flatMap((name) => {
    const written = end[name];
    return written === undefined || written.startsWith(PEM_START) ? [] : [[name, resolve(written)] as const];
  });
  return { ...end, ...Object.fromEntries(files) };
}
