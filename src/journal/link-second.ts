/** What one second brought on one link. A request counts in the second in which it ended; what goes on for longer shows in the connections. */

export interface LinkSecond {
  /** `gateway-1->inventory-3`; `load->gateway-1` is the load generator's own view. On a daemon without a plan, the name of the proxy. */
  link: string;
  /** `Math.floor(atMs / 1000)` on the clock of the journal and of the daemon. */
  second: number;
  /** Requests that ended, however they did; without health checks, and without what faults have sent once more. 0 on links that carry TCP. */
  requests: number;
  /** Of these: no whole answer, or one that tells of the server's error. */
  errors: number;
  /** Of these: some fault did something to them. */
  faulted: number;
  /** By class of a whole answer's status; what is left over of `requests` had no whole answer. */
  answers2xx: number;
  answers3xx: number;
  answers4xx: number;
  answers5xx: number;
  /** From the first byte of a request to its end, right to 1 %; null where none ended. */
  p50Ms: number | null;
  p90Ms: number | null;
  p99Ms: number | null;
  /** Bytes handed over, to the callee and to the caller. */
  bytesUp: number;
  bytesDown: number;
  /** Open at the end of the second; null where nobody can tell, as for the load generator's. */
  connections: number | null;
}
