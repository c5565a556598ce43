/** Of the operations that were over before an instant, the one with the largest figure: what whoever asks then must not fall behind. */
import type { Operation } from './operation.js';

/** Asked for instants in order; all of these operations have an end. */
export function newestBefore(
  operations: readonly Operation[],
  figureOf: (operation: Operation) => number,
): (atMs: number) => Operation | undefined {
  const ended = [...operations].sort((a, b) => a.endMs - b.endMs);
  let next = 0;
  let newest: Operation | undefined;
  return (atMs) => {
    for (let one = ended[next]; one !== undefined && one.endMs < atMs; one = ended[++next]) {
      if (newest === undefined || figureOf(one) > figureOf(newest)) newest = one;
    }
    return newest;
  };
}
