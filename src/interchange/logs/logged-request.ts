/** One request of a log, whoever wrote the log. */
export interface LoggedRequest {
  /** When it began, milliseconds since 1970. */
  atMs: number;
  /** Who answered: `host:port`, or just a host; empty where the log does not say. */
  host: string;
  method: string;
  path: string;
  /** 0: no answer. */
  status: number;
  /** Null where the log does not say how long it took. */
  tookMs: number | null;
}

export interface RequestLog {
  requests: readonly LoggedRequest[];
  /** Lines that could not be read; a log is allowed some. */
  unread: number;
}
