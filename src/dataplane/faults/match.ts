/** `match` and `exclude` compiled once into a predicate on a request head. */
import type { RequestHead } from './fault.js';
import type { Match } from './spec.js';

export type Matcher = (head: RequestHead) => boolean;

/** A glob in which `*` is any run of characters, compiled to an anchored expression. */
function globs(patterns: readonly string[], flags = ''): RegExp {
  const alternatives = patterns.map((p) => p.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*'));
  return new RegExp(`^(?:${alternatives.join('|')})$`, `s${flags}`);
}

/** The path of a request target in origin-form or absolute-form, without the query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  const whole = query < 0 ? target : target.slice(0, query);
  if (whole.startsWith('/')) return whole;
  const scheme = whole.indexOf('://');
  if (scheme < 0) return whole;
  const slash = whole.indexOf('/', scheme + 3);
  return slash < 0 ? '/' : whole.slice(slash);
}

function compileOne(match: Match): Matcher {
  const tests: Matcher[] = [];
  if (match.method) {
    const methods = new Set(match.method.map((m) => m.toUpperCase()));
    tests.push((head) => methods.has(head.method));
  }
  if (match.path) {
    const path = globs(match.path);
    tests.push((head) => path.test(pathOf(head.target)));
  }
  if (match.userAgent) {
    const agent = globs(match.userAgent, 'i');
    tests.push((head) => agent.test(head.header('user-agent') ?? ''));
  }
  for (const [name, pattern] of Object.entries(match.headers ?? {})) {
    const lower = name.toLowerCase();
    const value = globs([pattern]);
    tests.push((head) => {
      const found = head.header(lower);
      return found !== undefined && value.test(found);
    });
  }
  return (head) => tests.every((test) => test(head));
}

/** `undefined` means: every request, so that a fault without conditions costs nothing. */
export function compileMatcher({ match, exclude }: { match?: Match | undefined; exclude?: Match | undefined }): Matcher | undefined {
  if (match === undefined && exclude === undefined) return undefined;
  const wanted = match && compileOne(match);
  const unwanted = exclude && compileOne(exclude);
  return (head) => (wanted?.(head) ?? true) && !unwanted?.(head);
}
