/** Reads off a request's head what its link is to note of it. It is asked once per exchange, on the data path, so all that can be is prepared. */
import type { RequestHead } from '../faults/fault.js';
import { pathOf } from '../faults/request-path.js';
import { ownText } from '../http/own-text.js';
import type { ObserveSpec } from './observe-spec.js';

const TOKEN_CHARACTERS_MAX = 200;
/** A longer path fits no template: nobody's may keep us busy. */
const PATH_CHARACTERS_MAX = 2_048;

/** What an exchange has beside its figures; a field that has nothing to say is left out. */
export interface RequestNotes {
  tokens?: Readonly<Record<string, string>>;
  route?: string;
}

export type Observer = (request: RequestHead) => RequestNotes;

export function createObserver({ headers, routes }: ObserveSpec = { headers: [], routes: [] }): Observer {
  const names = [...new Set(['idempotency-key', ...headers])];
  const templates = routes.map((route) => ({ route, pattern: patternOf(route) }));
  return (request) => {
    const notes: RequestNotes = {};
    const tokens = tokensOf(request, names);
    if (tokens !== undefined) notes.tokens = tokens;
    if (templates.length > 0) {
      const path = pathOf(request);
      const found = path.length <= PATH_CHARACTERS_MAX && templates.find(({ pattern }) => pattern.test(path));
      if (found) notes.route = found.route;
    }
    return notes;
  };
}

function tokensOf(request: RequestHead, names: readonly string[]): Record<string, string> | undefined {
  let tokens: Record<string, string> | undefined;
  for (const name of names) {
    const value = request.header(name);
    if (!value) continue;
    // A header may be named as anything, `__proto__` too.
    tokens ??= Object.create(null) as Record<string, string>;
    tokens[name] = ownText(value.slice(0, TOKEN_CHARACTERS_MAX));
  }
  return tokens;
}

/** A segment has one `{…}` at most, so matching takes no longer than the path is. */
function patternOf(route: string): RegExp {
  const source = route
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${source}$`);
}
