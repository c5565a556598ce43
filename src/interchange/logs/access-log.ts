/**
 * Access logs → requests: the common and combined formats of Apache and nginx, with the time taken as last field or as `rt=` where it was added, HAProxy’s
 * `httplog`, and JSON lines with the keys that nginx, Envoy, Caddy and Traefik write. What a reader gets wrong: nginx and Apache note the end of a request,
 * HAProxy its begin, by the clock on its wall.
 */
import { LabError } from '../../core/errors.js';
import { peekJson } from '../read-json.js';
import type { LoggedRequest, RequestLog } from './logged-request.js';

/** Lines of one log. */
const LINES_MAX = 5_000_000;
/** More of the lines than that unread, and it is not a log of a format that we know. */
const UNREAD_SHARE_MAX = 0.1;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `1.2.3.4 - bob [21/Nov/2026:10:00:00 +0100] "GET /a HTTP/1.1" 200 12 …`; what follows is looked at apart, so that no part is tried twice. */
const LINE =
  /^\S+ \S+ \S+ \[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\] "([A-Z]+) (\S+)[^"]*" (\d{3}) (?:\d+|-)(.*)$/;

/** `… [21/Nov/2026:10:00:00.201] frontend backend/server 0/0/1/2/3 200 120 … "GET /a HTTP/1.1"`; the last of the times is of the whole. */
const HAPROXY_LINE =
  /\[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}\.\d{3})\] \S+ [^/ ]+\/(\S+) (?:-?\d+\/){4}\+?(\d+) (-1|\d{3}) [^"]*"([A-Z]+) (\S+)[^"]*"$/;

/** Throws IMPORT_INVALID when too few lines can be read. */
export function readAccessLog(text: string, file: string): RequestLog {
  const lines = text.split('\n', LINES_MAX + 1).filter((line) => line.trim() !== '');
  if (lines.length > LINES_MAX) throw new LabError('IMPORT_INVALID', { file, problems: `expected at most ${LINES_MAX} lines` });
  const read = lines.map(readLine);
  const requests = read.filter((request) => request !== undefined);
  const unread = read.length - requests.length;
  if (requests.length === 0 || unread > read.length * UNREAD_SHARE_MAX) {
    const first = read.indexOf(undefined);
    const found = lines.length === 0 ? 'found an empty file' : `line ${first + 1} is ${JSON.stringify(lines[first]?.slice(0, 120))}`;
    const problems = `expected lines in the common or combined log format, HAProxy’s httplog, or JSON with time, status and path; ${found} (${unread} of ${read.length} lines)`;
    throw new LabError('IMPORT_INVALID', { file, problems });
  }
  return { requests: requests.sort((a, b) => a.atMs - b.atMs), unread };
}

/** Undefined: no request can be read from it. */
export function readLine(line: string): LoggedRequest | undefined {
  return line.startsWith('{') ? readJsonLine(line) : (readPlainLine(line) ?? readHaproxyLine(line));
}

function readHaproxyLine(line: string): LoggedRequest | undefined {
  const match = HAPROXY_LINE.exec(line.trimEnd());
  if (match === null) return undefined;
  const [, day = '', month = '', year = '', time = '', server = '', took = '', status = '', method = '', target = ''] = match;
  const atMs = parseDate({ day, month, year, time });
  if (atMs === undefined) return undefined;
  // `<NOSRV>`: nobody was asked.
  const host = server.startsWith('<') ? '' : server;
  return { atMs, host, method, path: pathOf(target), status: Math.max(0, Number(status)), tookMs: Number(took) };
}

function readPlainLine(line: string): LoggedRequest | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, day = '', month = '', year = '', time = '', hours = '', minutes = '', method = '', target = '', status = '', rest = ''] = match;
  const endMs = parseDate({ day, month, year, time: `${time}${hours}:${minutes}` });
  if (endMs === undefined) return undefined;
  const tookMs = trailingTime(rest);
  return { atMs: endMs - (tookMs ?? 0), host: '', method, path: pathOf(target), status: Number(status), tookMs };
}

/** `time` by the clock on the wall here, unless it says how far it is from UTC. */
function parseDate({ day, month, year, time }: Readonly<Record<'day' | 'month' | 'year' | 'time', string>>): number | undefined {
  const number = MONTHS.indexOf(month) + 1;
  const atMs = Date.parse(`${year}-${String(number).padStart(2, '0')}-${day}T${time}`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** nginx adds seconds with a point (`0.042`, or by custom `rt=0.042`), Apache's `%D` whole microseconds. */
function trailingTime(rest: string): number | null {
  const named = / (?:rt|request_time)=(\d+\.\d+)(?: |$)/.exec(rest)?.[1];
  if (named !== undefined) return Number(named) * 1_000;
  const last = rest.trim().split(' ').at(-1) ?? '';
  if (/^\d+\.\d+$/.test(last)) return Number(last) * 1_000;
  return /^\d+$/.test(last) ? Number(last) / 1_000 : null;
}

/** Keys by which each figure goes, the likeliest first. */
const KEYS = {
  time: ['time', 'timestamp', '@timestamp', 'ts', 'start_time', 'time_iso8601', 'StartUTC', 'time_local'],
  status: ['status', 'status_code', 'response_code', 'DownstreamStatus', 'OriginStatus'],
  path: ['path', 'uri', 'request_uri', 'url', 'RequestPath', 'request'],
  method: ['method', 'request_method', 'RequestMethod'],
  host: ['upstream_host', 'upstream_addr', 'ServiceAddr', 'upstream_cluster', 'host', 'http_host', 'authority', 'RequestHost'],
} as const;
/** Key → how many milliseconds one of its units has. */
const TIMES: Readonly<Record<string, number>> = {
  duration_ms: 1,
  latency_ms: 1,
  response_time_ms: 1,
  request_time: 1_000,
  upstream_response_time: 1_000,
  // Envoy's and most others' is in milliseconds, Caddy's in seconds, Traefik's in nanoseconds.
  duration: 1,
  Duration: 1e-6,
};

function readJsonLine(line: string): LoggedRequest | undefined {
  const data = peekJson(line);
  if (typeof data !== 'object' || data === null) return undefined;
  const given = flattened(data as Record<string, unknown>);
  const first = (keys: readonly string[]): unknown => keys.map((key) => given[key]).find((value) => value !== undefined && value !== '');
  const atMs = instantOf(first(KEYS.time));
  const status = Number(first(KEYS.status) ?? Number.NaN);
  const [target, asked] = String(first(KEYS.path) ?? '')
    .split(' ')
    .reverse()
    .slice(-2)
    .reverse();
  if (atMs === undefined || !Number.isInteger(status) || target === undefined || target === '') return undefined;
  // `"request": "GET /a HTTP/1.1"` holds both.
  const method = String(first(KEYS.method) ?? (asked === undefined ? 'GET' : target));
  const path = asked !== undefined && /^[A-Z]+$/.test(target) ? asked : target;
  return { atMs, host: String(first(KEYS.host) ?? ''), method, path: pathOf(path), status, tookMs: tookOf(given) };
}

/** Caddy puts the request into an object of its own. */
function flattened(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { request } = data;
  return typeof request === 'object' && request !== null ? { ...(request as Record<string, unknown>), ...data, request: undefined } : data;
}

function tookOf(given: Readonly<Record<string, unknown>>): number | null {
  const key = Object.keys(TIMES).find((name) => given[name] !== undefined && Number.isFinite(Number(given[name])));
  if (key === undefined) return null;
  const value = Number(given[key]);
  // Caddy writes seconds as a fraction beside `ts`, which nobody else has.
  const unitMs = key === 'duration' && given['ts'] !== undefined ? 1_000 : (TIMES[key] ?? 1);
  return value * unitMs;
}

/** An ISO date, or seconds or milliseconds since 1970. */
function instantOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 1e11 ? value : value * 1_000;
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : URL.canParse(target) ? new URL(target).pathname : '/';
  return path.split('?', 1)[0] ?? path;
}
