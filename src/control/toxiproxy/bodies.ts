/** What a request's body says, checked in Toxiproxy's order and refused in its words. */
import { ApiError, badBody } from './api-error.js';
import { type GoValue, scanJson } from './json-scanner.js';
import { type Fitted, fitShape, type Shape } from './json-shape.js';
import type { ProxyRequest } from './proxy-collection.js';

const LOGGER: Shape = { goType: 'zerolog.Logger', struct: '' };
const FIELDS = { name: 'string', listen: 'string', upstream: 'string', enabled: 'bool', Logger: LOGGER } as const;
const PROXY: Shape = { goType: 'toxiproxy.Proxy', struct: 'Proxy', fields: FIELDS };
const POPULATED_TYPE = 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }';
const POPULATED: Shape = { goType: POPULATED_TYPE, struct: '', fields: FIELDS };

/** The first JSON value of a body; throws a 400. */
export function readJson(body: Buffer): GoValue {
  try {
    return scanJson(body);
  } catch (error) {
    throw badBody((error as Error).message);
  }
}

function fitted(value: GoValue, shape: Shape): Fitted {
  const { fitted: fields, error } = fitShape(value, shape);
  if (error !== undefined) throw badBody(error);
  return fields;
}

function requestOf(fields: Fitted): ProxyRequest {
  return { name: '', listen: '', upstream: '', enabled: true, ...fields } as ProxyRequest;
}

function missing(request: ProxyRequest, where = ''): ApiError | undefined {
  const field = (['name', 'upstream'] as const).find((name) => request[name] === '');
  return field && new ApiError(400, `missing required field: ${field}${where}`);
}

export function readCreated(value: GoValue): ProxyRequest {
  const request = requestOf(fitted(value, PROXY));
  const error = missing(request);
  if (error !== undefined) throw error;
  return request;
}

/** Only what is given. */
export function readUpdated(value: GoValue): Partial<ProxyRequest> {
  const { listen, upstream, enabled } = fitted(value, PROXY) as Partial<ProxyRequest>;
  return {
    ...(listen !== undefined && { listen }),
    ...(upstream !== undefined && { upstream }),
    ...(enabled !== undefined && { enabled }),
  };
}

/** A whole list, or nothing of it. `withToxics` reads what Toxiproxy ignores: the toxics of each proxy. */
export function readPopulated(value: GoValue, { withToxics }: { withToxics: boolean }): readonly ProxyRequest[] {
  if (value.kind === 'null') return [];
  if (value.kind !== 'array') throw badBody(`json: cannot unmarshal ${value.kind} into Go value of type []${POPULATED_TYPE}`);
  const requests = value.items.map((item) => ({ ...requestOf(fitted(item, POPULATED)), ...(withToxics && { toxics: toxicsOf(item) }) }));
  for (const [i, request] of requests.entries()) {
    const error = missing(request, ` at proxy ${i + 1}`);
    if (error !== undefined) throw error;
  }
  return requests;
}

function toxicsOf(item: GoValue): readonly GoValue[] {
  const toxics = item.kind === 'object' ? item.entries.findLast(([key]) => key.toLowerCase() === 'toxics')?.[1] : undefined;
  return toxics?.kind === 'array' ? toxics.items : [];
}
