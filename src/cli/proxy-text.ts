/**
 * A proxy in one word of a command line: `name=payments,protocol=http,listen=127.0.0.1:9000,upstream=127.0.0.1:8080`. A dot leads into what is written
 * as an object elsewhere, like `tls.originate.verify=none`.
 */
import { LabError } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';
import { type ProxySpec, proxySpecSchema } from '../dataplane/proxy.js';

/** Throws USAGE. */
export function parseProxy(text: string): ProxySpec {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string | undefined]);
  const data = nested(pairs);
  const parsed = proxySpecSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = explainInLine(parsed.error, { schema: proxySpecSchema, data });
  throw new LabError('USAGE', {
    problem: `--proxy ${text}: ${problems}; expected name=…,protocol=http,listen=127.0.0.1:9000,upstream=127.0.0.1:8080`,
  });
}

/** `a.b=c` → {a: {b: c}}; the word `true` is the value true. */
function nested(pairs: readonly (readonly [string, string | undefined])[]): object {
  const groups = new Map<string, [string, string | undefined][]>();
  const entries = new Map<string, unknown>();
  for (const [key, value] of pairs) {
    const [name = '', rest] = key.split(/\.(.*)/s);
    if (rest === undefined) entries.set(name, value === 'true' ? true : value);
    else groups.set(name, [...(groups.get(name) ?? []), [rest, value]]);
  }
  for (const [name, group] of groups) entries.set(name, nested(group));
  return Object.fromEntries(entries);
}
