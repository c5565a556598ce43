/** Probes of the steady state: over HTTP and by processes, with the tolerances that both languages know. */
import { type Activity, argvOf, type Provider } from './activity.js';
import type { Draft } from './draft.js';

/** Undefined: left out, and said so. */
export function probeOf(activity: Activity, draft: Draft): Record<string, unknown> | undefined {
  const { name, provider, tolerance: given, ref } = activity;
  const label = `probe "${ref ?? name}"`;
  if (provider === undefined) draft.leaveOut(`${label}: it only refers to another one`);
  else if (provider.type === 'python') draft.leaveOut(`${label}: what ${provider.module}.${provider.func} asks, only that module knows`);
  else {
    const tolerance = toleranceOf(given);
    if (tolerance === undefined) draft.leaveOut(`${label}: no tolerance here means ${JSON.stringify(given)}`);
    else
      return {
        name: named(name),
        mode: 'edge',
        ...(provider.type === 'http' ? httpProbe(provider, tolerance, draft) : commandProbe(provider, tolerance, draft)),
      };
  }
  return undefined;
}

function named(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|-+$/g, '')
      .slice(0, 60) || 'probe'
  );
}

function httpProbe({ url, method, headers, timeout }: Provider<'http'>, tolerance: unknown, draft: Draft): Record<string, unknown> {
  const target = URL.canParse(url) ? new URL(url) : new URL('http://127.0.0.1:80/');
  if (!URL.canParse(url)) draft.leaveOut(`the URL ${url} is filled in by Chaos Toolkit; 127.0.0.1:80 stands in its place`);
  if (target.protocol === 'https:') draft.leaveOut(`${url}: it is asked without TLS here; see \`tls\` on links`);
  if (Object.keys(headers ?? {}).length > 0) draft.leaveOut(`${url}: headers of a probe (${Object.keys(headers ?? {}).join(', ')})`);
  const service = draft.serviceAt(`${target.hostname}:${target.port || (target.protocol === 'https:' ? '443' : '80')}`, 'http');
  const limit = [timeout].flat()[0];
  const asked = ['GET', 'HEAD', 'POST'].includes(method.toUpperCase()) ? method.toUpperCase() : 'GET';
  if (asked !== method.toUpperCase()) draft.leaveOut(`${url}: method ${method}; it is asked by GET`);
  return {
    type: 'http',
    target: { to: service },
    path: `${target.pathname}${target.search}`,
    ...(asked !== 'GET' && { method: asked }),
    ...(limit !== undefined && limit > 0 && { timeout: `${limit}s` }),
    tolerance,
  };
}

function commandProbe(provider: Provider<'process'>, tolerance: unknown, draft: Draft): Record<string, unknown> {
  draft.executes = true;
  return {
    type: 'command',
    argv: argvOf(provider),
    ...(provider.timeout !== undefined && provider.timeout > 0 && { timeout: `${provider.timeout}s` }),
    tolerance,
  };
}

/** Chaos Toolkit judges a status by a number or a list, and everything else by an object with a `type`. */
export function toleranceOf(given: unknown): unknown {
  if (typeof given === 'number' && Number.isInteger(given)) return given;
  // A process that ended well.
  if (given === true) return 0;
  if (Array.isArray(given)) return given.every((one) => Number.isInteger(one)) && given.length > 0 ? { in: given } : undefined;
  if (typeof given !== 'object' || given === null) return undefined;
  const { type, pattern, path, expect, range, count } = given as Record<string, unknown>;
  if (type === 'regex' && typeof pattern === 'string') return { regex: pattern };
  if (type === 'range' && Array.isArray(range) && range.length === 2) return { range };
  if (type === 'jsonpath' && typeof path === 'string' && count === undefined && expect !== undefined) {
    return { jsonpath: path, expect: Array.isArray(expect) ? { in: expect } : expect };
  }
  return undefined;
}
