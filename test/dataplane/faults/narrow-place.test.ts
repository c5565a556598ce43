import { expect, test } from 'vitest';
import { createPlace, narrowPlace } from '../../../src/dataplane/faults/narrow-place.js';
import { effectsOf } from '../../support/effects.js';
import { data } from '../../support/pipeline.js';

test('a slice is due when its last byte would have come through', () => {
  const transform = narrowPlace({ bytesPerSecond: 1_000, place: undefined });
  expect(effectsOf(transform, data('x'.repeat(250)), { heldBytes: 250 })).toEqual(['pass Infinity', 'tickIn 100']);
  expect(effectsOf(transform, { kind: 'tick' }, { nowMs: 1_100, heldBytes: 150 })).toEqual(['release 100', 'tickIn 100']);
});

test('a late slice makes the next one come sooner', () => {
  const transform = narrowPlace({ bytesPerSecond: 1_000, place: undefined });
  effectsOf(transform, data('x'.repeat(250)), { heldBytes: 250 });
  expect(effectsOf(transform, { kind: 'tick' }, { nowMs: 1_140, heldBytes: 150 })).toEqual(['release 100', 'tickIn 60']);
});

test('those that share a place wait for each other', () => {
  const place = createPlace();
  const [one, other] = [narrowPlace({ bytesPerSecond: 1_000, place }), narrowPlace({ bytesPerSecond: 1_000, place })];
  expect(effectsOf(one, data('0123456789'), { heldBytes: 10 })).toEqual(['pass Infinity', 'tickIn 10']);
  expect(effectsOf(other, data('0123456789'), { heldBytes: 10 })).toEqual(['pass Infinity', 'tickIn 20']);
});

test('nothing comes through at 0, and no timer runs', () => {
  expect(effectsOf(narrowPlace({ bytesPerSecond: 0, place: undefined }), data('x'), { heldBytes: 1 })).toEqual(['pass Infinity']);
});
