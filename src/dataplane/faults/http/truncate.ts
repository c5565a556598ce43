/**
 * A body that ends too early. With the `wrong` length the head promises more than comes, and the connection ends there: a client that looks can tell.
 * With the `right` one nobody can: the message is whole, the Content-Length (or the last chunk) fits, and only its sense is cut off.
 */
import { z } from 'zod';
import { percentage, size } from '../../../core/units.js';
import { defineHttpFault, type RequestHead, type ResponseHead, type TcpEffects, type TcpTransform } from '../fault.js';
import { firstBytes } from '../first-bytes.js';

/** A body whose length is not announced is waited for, so that the share is known: for no more than so much of it, and no longer than this. */
const SHARE_BYTES_MAX = 256 * 1024;
const SHARE_WAIT_MS_MAX = 10_000;

export const truncate = defineHttpFault({
  name: 'truncate',
  summary: 'End a body after so many bytes or so large a share of it, with a length that still promises the rest or with one that fits.',
  schema: z
    .strictObject({
      after: size().optional().meta({ description: 'bytes of body that pass, like 1KB; a body that is not longer stays whole' }),
      share: percentage().optional().meta({
        description:
          'or this share of it, like 50%; where no length is announced, of the first 256KiB or of what comes within 10s, for which the body waits',
      }),
      length: z.enum(['wrong', 'right']).default('wrong').meta({
        description: 'wrong: Content-Length or chunks promise the rest, and the connection ends; right: they fit, and it goes on',
      }),
    })
    .refine(({ after, share }) => (after === undefined) !== (share === undefined), 'expected either `after` or `share`'),
  example: { after: '1KB', length: 'wrong' },
  defaultDirection: 'down',
  order: 52,
  decide: ({ after, share = 0, length }, { request, response }) => {
    const announcedBytes = announced(response ?? request);
    const keptBytes = after ?? (announcedBytes === undefined ? undefined : Math.floor((announcedBytes * share) / 100));
    if (keptBytes !== undefined && announcedBytes !== undefined && announcedBytes <= keptBytes) return { kind: 'continue' };
    const isRight = length === 'right';
    let isCut = false;
    const cut = (effects: TcpEffects): void => {
      isCut = true;
      if (isRight) effects.end();
      else effects.close();
    };
    const open = (): TcpTransform => (keptBytes === undefined ? firstShare(share, cut) : firstBytes(keptBytes, cut));
    const fitting = keptBytes === undefined || announcedBytes === undefined ? 'unknown' : keptBytes;
    return { kind: 'edit', body: { kind: 'stream', length: isRight ? fitting : 'same', open }, wasFelt: () => isCut };
  },
});

/** The length of the body; undefined if its chunks or the end of the connection will tell. */
function announced(head: RequestHead | ResponseHead): number | undefined {
  const contentLength = head.header('content-length');
  return contentLength === undefined || head.header('transfer-encoding') !== undefined ? undefined : Number(contentLength);
}

/** Keeps what comes until the share of it is known: what the pipeline holds for a fault is on its way, and cannot be dropped any more. */
function firstShare(percent: number, cut: (effects: TcpEffects) => void): TcpTransform {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  return (signal, effects) => {
    if (signal.kind === 'data') {
      if (keptBytes === 0) effects.tickIn(SHARE_WAIT_MS_MAX);
      kept.push(signal.bytes);
      keptBytes += signal.bytes.length;
      if (keptBytes < SHARE_BYTES_MAX) return;
    }
    const bytes = Buffer.concat(kept);
    kept = [];
    const isCut = signal.kind !== 'removed';
    const passed = isCut ? bytes.subarray(0, Math.floor((Math.min(keptBytes, SHARE_BYTES_MAX) * percent) / 100)) : bytes;
    if (passed.length > 0) effects.passBytes(passed);
    if (isCut) cut(effects);
  };
}
