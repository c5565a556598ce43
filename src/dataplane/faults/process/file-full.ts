/**
 * A disk that is full, for some processes alone: what they write to files fails. What a reader gets wrong: the error is EFBIG and not ENOSPC, because it
 * is a limit of the process and not of the disk; and their logs are files, too, unless they go elsewhere. Sockets and pipes are left alone.
 */
import { z } from 'zod';
import { size } from '../../../core/units.js';
import { defineProcessFault } from '../process-fault.js';

export const fileFull = defineProcessFault({
  name: 'fileFull',
  summary: 'Let no file of the processes grow beyond a size: writes fail as on a full disk (EFBIG, by prlimit).',
  schema: z.strictObject({
    beyond: size()
      .default(0)
      .meta({ description: 'what lies in a file below it can still be written, like 1MiB; nothing at all if omitted' }),
  }),
  example: { beyond: '1MiB' },
  act: ({ beyond }) => ({ kind: 'limitFiles', bytesMax: beyond }),
});
