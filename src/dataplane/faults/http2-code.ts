/** Error codes of HTTP/2 (RFC 9113, 7) as a plan may write them: a name, or its number. */
import { z } from 'zod';

const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

export const http2Code = z
  .union(
    [
      z
        .int()
        .min(0)
        .max(CODES.length - 1),
      z.enum(CODES),
    ],
    {
      error: `expected an HTTP/2 error code, 0…${CODES.length - 1}, or its name, like REFUSED_STREAM`,
    },
  )
  .transform((given) => (typeof given === 'number' ? given : CODES.indexOf(given)));
