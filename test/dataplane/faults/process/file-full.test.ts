import { expect, it } from 'vitest';
import { fileFull } from '../../../../src/dataplane/faults/process/file-full.js';

it('fileFull limits what may be written, to nothing unless it is told a size', () => {
  expect(fileFull.act(fileFull.schema.parse({}))).toEqual({ kind: 'limitFiles', bytesMax: 0 });
  expect(fileFull.act(fileFull.schema.parse({ beyond: '1KiB' }))).toEqual({ kind: 'limitFiles', bytesMax: 1_024 });
  expect(fileFull.schema.safeParse({ beyond: -1 }).success).toBe(false);
});
