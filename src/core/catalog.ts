/** A catalog is the frozen list of one kind of definition, looked up by name. Its members come from a `registry.ts` of export lines. */
import type { z } from 'zod';

/** What every definition has: faults, checks, probes, report formats alike. */
export interface Definition {
  /** Equals the file's name, in camelCase. */
  readonly name: string;
  /** One sentence that starts with a verb and ends with a full stop. */
  readonly summary: string;
  /** Parameters as a person writes them; strict, so that a misspelt key is an error. */
  readonly schema: z.ZodType;
  /** Parameters that `schema` accepts. */
  readonly example: unknown;
}

export interface Catalog<D extends { readonly name: string } = Definition> {
  readonly kind: string;
  readonly names: readonly string[];
  readonly all: readonly D[];
  get(name: string): D | undefined;
}

/** Builds the lookup from a registry module (`import * as registry`). Throws on two definitions of one name. */
export function createCatalog<D extends { readonly name: string }>(kind: string, registry: Readonly<Record<string, D>>): Catalog<D> {
  const byName = new Map<string, D>();
  for (const definition of Object.values(registry)) {
    if (byName.has(definition.name)) throw new Error(`two ${kind} definitions are named ${definition.name}`);
    byName.set(definition.name, Object.freeze(definition));
  }
  return Object.freeze({
    kind,
    names: [...byName.keys()],
    all: [...byName.values()],
    get: (name: string) => byName.get(name),
  });
}
