/** When each request of an open load is due, whatever became of the ones before. Pure: an offset from the start, by the request's ordinal. */

export interface Pace {
  /** Milliseconds from the start to the n-th request, counting from 0; Infinity when it never comes. */
  dueMs(ordinal: number): number;
}

/** Evenly spaced. A rate of 0 sends nothing. */
export function constantPace(ratePerSecond: number): Pace {
  // Multiplied before it is divided: adding up a rounded period would drift.
  return { dueMs: (ordinal) => (ratePerSecond === 0 ? Number.POSITIVE_INFINITY : (ordinal * 1e3) / ratePerSecond) };
}
