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
  /** Header → value, of those by which a request is known again. */
  tokens?: Readonly<Record<string, string>>;
}

/** Lower-case names of such headers. */
export const TOKEN_HEADERS: readonly string[] = ['x-request-id', 'idempotency-key'];

export interface RequestLog {
  requests: readonly LoggedRequest[];
  /** Lines that could not be read; a log is allowed some. */
  unread: number;
}
