/** Jobs that wait for somebody to do them, first come, first served. A job is known by its key: one that waits already is not added again. */

export interface JobQueue {
  /** False where there is no place for it. */
  add(key: string): boolean;
  /** The oldest, which waits no more. */
  take(): string | undefined;
  waiting(): number;
}

export function createJobQueue({ waitingMax }: { waitingMax: number }): JobQueue {
  const waiting = new Set<string>();
  return {
    add: (key) => {
      if (!waiting.has(key) && waiting.size >= waitingMax) return false;
      waiting.add(key);
      return true;
    },
    take: () => {
      const [oldest] = waiting;
      if (oldest !== undefined) waiting.delete(oldest);
      return oldest;
    },
    waiting: () => waiting.size,
  };
}
