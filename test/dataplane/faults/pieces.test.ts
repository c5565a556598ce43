import { expect, test } from 'vitest';
import { inPieces } from '../../../src/dataplane/faults/pieces.js';
import { effectsOf } from '../../support/effects.js';
import { data } from '../../support/pipeline.js';

test('holds what comes and lets the first piece go at once, the next after the delay', () => {
  const transform = inPieces({ pieceBytes: () => 3, delayMs: 10 });
  expect(effectsOf(transform, data('abcdef'), { heldBytes: 6 })).toEqual(['pass Infinity', 'release 3', 'tickIn 10']);
  expect(effectsOf(transform, data('gh'), { heldBytes: 5 })).toEqual(['pass Infinity']);
  expect(effectsOf(transform, { kind: 'tick' }, { heldBytes: 5 })).toEqual(['release 3', 'tickIn 10']);
});

test('the end waits for the last delay, and passes at once where none runs', () => {
  const transform = inPieces({ pieceBytes: () => 3, delayMs: 10 });
  expect(effectsOf(transform, { kind: 'end' })).toEqual(['pass 0']);
  effectsOf(transform, data('abc'), { heldBytes: 3 });
  expect(effectsOf(transform, { kind: 'end' })).toEqual(['pass Infinity']);
  expect(effectsOf(transform, { kind: 'tick' })).toEqual(['release 0']);
});
