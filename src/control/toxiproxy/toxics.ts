/**
 * The toxics of a daemon's proxies. Each is one fault without a lease: Toxiproxy's clients do not renew anything, so it lives until it is
 * removed. The daemon's faults are the truth; what is kept here is only how a toxic was written, and is forgotten with its fault.
 */
import type { Daemon } from '../../dataplane/daemon.js';
import { faults as catalog } from '../../dataplane/faults/catalog.js';
import { type FaultSpec, RESERVED_ID_PREFIX } from '../../dataplane/faults/spec.js';
import { ApiError, badBody, toxicExists, toxicNotFound } from './api-error.js';
import type { GoValue } from './json-scanner.js';
import { type Fitted, fitShape, type Shape } from './json-shape.js';
import { float32Text, objectText, stringText, valueText } from './json-text.js';
import { attributesShape } from './toxic-type.js';
import { toxicTypes } from './toxic-types.js';

/** Whose the faults are that toxics become. */
export const TOXICS_RUN = 'toxiproxy-api';

export interface Toxic {
  readonly name: string;
  readonly type: string;
  /** As it was typed: `UpStream` stays so. */
  readonly stream: string;
  readonly toxicity: number;
  readonly attributes: readonly (readonly [string, GoValue])[];
}

/** What of a toxic a request may name. */
const CREATED: Shape = {
  goType: 'toxics.ToxicWrapper',
  struct: 'ToxicWrapper',
  fields: { attributes: { goType: 'toxics.NoopToxic', struct: '' }, name: 'string', type: 'string', stream: 'string', toxicity: 'float32' },
};
const UPDATED: Shape = {
  goType: 'struct { Attributes interface {} "json:\\"attributes\\""; Toxicity float32 "json:\\"toxicity\\"" }',
  struct: '',
  fields: { attributes: { goType: 'toxics.NoopToxic', struct: '' }, toxicity: 'float32' },
};

const DIRECTIONS: Readonly<Record<string, 'up' | 'down'>> = { upstream: 'up', downstream: 'down' };

export class Toxics {
  readonly #daemon: Daemon;
  readonly #seed: number;
  readonly #byProxy = new Map<string, Map<string, Toxic>>();

  constructor(daemon: Daemon, seed: number) {
    this.#daemon = daemon;
    this.#seed = seed;
  }

  /** Those of the upstream direction first, each direction in the order added. */
  list(proxy: string): readonly Toxic[] {
    const known = this.#byProxy.get(proxy);
    if (known === undefined) return [];
    for (const name of known.keys()) if (!this.#daemon.hasFault(idOf(proxy, name))) known.delete(name);
    if (known.size === 0) this.#byProxy.delete(proxy);
    const all = [...known.values()];
    return [...all.filter((toxic) => directionOf(toxic) === 'up'), ...all.filter((toxic) => directionOf(toxic) === 'down')];
  }

  /** Throws toxicNotFound. */
  get(proxy: string, name: string): Toxic {
    const toxic = this.list(proxy).find((t) => t.name === name);
    if (toxic === undefined) throw toxicNotFound();
    return toxic;
  }

  /** From a body. Takes effect on live connections before it returns. */
  add(proxy: string, body: GoValue): Toxic {
    const wrapper = fitOrRefuse(body, CREATED);
    const { type = '', stream = 'downstream', toxicity = 1 } = wrapper as { type?: string; stream?: string; toxicity?: number };
    if (!Object.hasOwn(DIRECTIONS, stream.toLowerCase()))
      throw new ApiError(400, 'stream was invalid, can be either upstream or downstream');
    if (!isType(type)) throw new ApiError(400, 'invalid toxic type');
    const name = wrapper['name'] ? String(wrapper['name']) : `${type}_${stream}`;
    if (this.list(proxy).some((toxic) => toxic.name === name)) throw toxicExists();
    const attributes = attributesOf(body, { type, shape: CREATED, before: [] });
    return this.put(proxy, { name, type, stream, toxicity, attributes });
  }

  /** Attributes and toxicity that are given; the others stay. */
  update(proxy: string, { name, body }: { name: string; body: GoValue }): Toxic {
    const toxic = this.get(proxy, name);
    const attributes = attributesOf(body, { type: toxic.type, shape: UPDATED, before: toxic.attributes });
    const { toxicity = toxic.toxicity } = fitOrRefuse(body, UPDATED) as { toxicity?: number };
    const changed = { ...toxic, toxicity, attributes };
    const { id, percentage, value } = specOf(proxy, changed);
    this.#daemon.update(id, { run: TOXICS_RUN, percentage, value });
    this.#keep(proxy, changed);
    return changed;
  }

  /** A toxic that is known already. */
  put(proxy: string, toxic: Toxic): Toxic {
    this.#daemon.inject({ run: TOXICS_RUN, faults: [{ ...specOf(proxy, toxic), seed: this.#seed }] });
    this.#keep(proxy, toxic);
    return toxic;
  }

  remove(proxy: string, name: string): void {
    this.get(proxy, name);
    this.#daemon.heal({ faults: [idOf(proxy, name)] });
  }

  removeAll(proxy: string): void {
    const ids = this.list(proxy).map(({ name }) => idOf(proxy, name));
    if (ids.length > 0) this.#daemon.heal({ faults: ids });
  }

  #keep(proxy: string, toxic: Toxic): void {
    const known = this.#byProxy.get(proxy) ?? new Map<string, Toxic>();
    this.#byProxy.set(proxy, known.set(toxic.name, toxic));
  }
}

export function toxicText({ attributes, name, type, stream, toxicity }: Toxic): string {
  return objectText([
    ['attributes', objectText(attributes.map(([key, value]) => [key, valueText(value)]))],
    ['name', stringText(name)],
    ['type', stringText(type)],
    ['stream', stringText(stream)],
    ['toxicity', float32Text(toxicity)],
  ]);
}

/** A proxy's name may hold any character, the slash too. */
function idOf(proxy: string, name: string): string {
  return `${RESERVED_ID_PREFIX}${encodeURIComponent(proxy)}/${name}`;
}

function directionOf({ stream }: Toxic): 'up' | 'down' {
  return DIRECTIONS[stream.toLowerCase()] ?? 'down';
}

function typeOf(type: string) {
  return Object.hasOwn(toxicTypes, type) ? toxicTypes[type] : undefined;
}

/** Toxiproxy's own types, and every TCP fault of ours by its own name. */
function isType(type: string): boolean {
  return typeOf(type) !== undefined || catalog.get(type)?.protocol === 'tcp';
}

function fitOrRefuse(body: GoValue, shape: Shape): Fitted {
  const { fitted, error } = fitShape(body, shape);
  if (error !== undefined) throw badBody(error);
  return fitted;
}

/** Every attribute of the type, in its order: as given, else as before, else 0. Those of our own types are what was given, and no more. */
function attributesOf(
  body: GoValue,
  { type, shape, before }: { type: string; shape: Shape; before: Toxic['attributes'] },
): Toxic['attributes'] {
  const toxicType = typeOf(type);
  if (toxicType === undefined) {
    const given = fitOrRefuse(body, shape)['attributes'] as GoValue | undefined;
    return [...new Map([...before, ...(given?.kind === 'object' ? given.entries : [])])];
  }
  const attributes = attributesShape(toxicType);
  const given = fitOrRefuse(body, { ...shape, fields: { ...shape.fields, attributes } })['attributes'] as Fitted | undefined;
  const values = new Map(before);
  return Object.keys(toxicType.attributes).map((name) => {
    const text = given?.[name] === undefined ? undefined : String(given[name]);
    return [name, text === undefined ? (values.get(name) ?? { kind: 'number', text: '0' }) : { kind: 'number', text }];
  });
}

function specOf(proxy: string, toxic: Toxic): FaultSpec {
  const { name, type, toxicity, attributes } = toxic;
  const numbers = attributes.map(([key, value]) => [key, value.kind === 'number' ? Number(value.text) : 0] as const);
  const own = { type, value: JSON.parse(objectText(attributes.map(([key, value]) => [key, valueText(value)]))) as unknown };
  return {
    id: idOf(proxy, name),
    proxies: [proxy],
    direction: directionOf(toxic),
    connections: 'all',
    percentage: Math.min(1, Math.max(0, toxicity)) * 100,
    lease: Number.POSITIVE_INFINITY,
    seed: 0,
    ...(typeOf(type)?.fault(Object.fromEntries(numbers)) ?? own),
  };
}
