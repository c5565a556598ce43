/** Request paths as Toxiproxy's router takes them apart: decoded first, so that `%2F` is a slash like any other; cleaned; then matched. */

/** Decoded path and the query with its question mark. Undefined if an escape is none. */
export function splitTarget(target: string): { path: string; query: string } | undefined {
  const origin = /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1] ?? target;
  const mark = origin.indexOf('?');
  const raw = mark < 0 ? origin : origin.slice(0, mark);
  if (/%(?![0-9a-fA-F]{2})/.test(raw)) return undefined;
  const path = Buffer.from(
    raw.replace(/[^%]+|(?:%..)+/g, (part) => (part.startsWith('%') ? Buffer.from(part.replaceAll('%', ''), 'hex').toString() : part)),
  ).toString();
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : origin.slice(mark) };
}

/** Without double slashes, `.` and `..`; a slash at the end stays. */
export function cleanPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  const cleaned = `/${kept.join('/')}`;
  return path.endsWith('/') && cleaned !== '/' ? `${cleaned}/` : cleaned;
}

/** The pattern of the route that such a path would have, and what stands at its variable places. */
export function patternOf(path: string): { pattern: string; proxy: string; toxic: string } {
  const [first = '', proxy = '', third = '', toxic = ''] = path.slice(1).split('/');
  const depth = path.split('/').length - 1;
  const isProxy = first === 'proxies' && proxy !== '';
  if (isProxy && depth === 2) return { pattern: '/proxies/:proxy', proxy, toxic: '' };
  if (isProxy && depth === 3 && third === 'toxics') return { pattern: '/proxies/:proxy/toxics', proxy, toxic: '' };
  if (isProxy && depth === 4 && third === 'toxics' && toxic !== '') return { pattern: '/proxies/:proxy/toxics/:toxic', proxy, toxic };
  return { pattern: path.includes(':') ? '' : path, proxy: '', toxic: '' };
}
