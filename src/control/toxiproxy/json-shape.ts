/**
 * Fits a JSON value into named fields as Go's decoder does: keys in any case, unknown keys ignored, `null` leaves the default. It goes on
 * after a value of the wrong type and tells of the first; what a reader gets wrong is that a number must be written as an integer to be one.
 */
import type { GoValue } from './json-scanner.js';

/** What a field may hold. A shape without fields takes any object as it is. */
export type FieldKind = 'string' | 'bool' | 'float32' | 'int64' | 'int' | Shape;

export interface Shape {
  /** Go's name of the type, for messages. */
  readonly goType: string;
  /** Go's name of the struct that the fields belong to, for messages; empty for an anonymous one. */
  readonly struct: string;
  readonly fields?: Readonly<Record<string, FieldKind>>;
}

export type Fitted = { readonly [field: string]: string | boolean | number | bigint | GoValue | Fitted };

const FLOAT32_MAX = 3.4028234663852886e38;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

class Fitting {
  firstError: string | undefined;

  fit(value: GoValue, shape: Shape, path: string): Fitted {
    const fitted: Record<string, Fitted[string]> = {};
    if (value.kind !== 'object') {
      if (value.kind !== 'null') this.#note(`${found(value)} into Go value of type ${shape.goType}`);
      return fitted;
    }
    const fields = Object.entries(shape.fields ?? {});
    for (const [key, given] of value.entries) {
      const [name, kind] =
        fields.find(([field]) => field === key) ?? fields.find(([field]) => field.toLowerCase() === key.toLowerCase()) ?? [];
      if (name === undefined || kind === undefined || given.kind === 'null') continue;
      const taken = this.#take(given, kind, { struct: shape.struct, path: `${path}${name}` });
      if (taken !== undefined) fitted[name] = taken;
    }
    return fitted;
  }

  #take(value: GoValue, kind: FieldKind, at: { struct: string; path: string }): Fitted[string] | undefined {
    const wrong = (what: string): undefined => {
      const goType = typeof kind === 'string' ? kind : kind.goType;
      this.#note(`${what} into Go struct field ${at.struct}.${at.path} of type ${goType}`);
      return undefined;
    };
    if (typeof kind !== 'string') {
      if (value.kind !== 'object') return wrong(found(value));
      return kind.fields === undefined ? value : this.fit(value, kind, `${at.path}.`);
    }
    if (kind === 'string') return value.kind === 'string' ? value.value : wrong(found(value));
    if (kind === 'bool') return value.kind === 'bool' ? value.value : wrong(found(value));
    if (value.kind !== 'number') return wrong(found(value));
    return numberOf(value.text, kind) ?? wrong(`number ${value.text}`);
  }

  #note(what: string): void {
    this.firstError ??= `json: cannot unmarshal ${what}`;
  }
}

function found(value: GoValue): string {
  return value.kind;
}

function numberOf(text: string, kind: 'float32' | 'int64' | 'int'): number | bigint | undefined {
  if (kind === 'float32') {
    const value = Math.fround(Number(text));
    return Math.abs(value) <= FLOAT32_MAX ? value : undefined;
  }
  if (!/^-?\d+$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** The fields that were given and are right, and what is wrong first, in the order of the text. */
export function fitShape(value: GoValue, shape: Shape): { fitted: Fitted; error: string | undefined } {
  const fitting = new Fitting();
  const fitted = fitting.fit(value, shape, '');
  return { fitted, error: fitting.firstError };
}
