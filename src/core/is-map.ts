/** What a person writes as a map and JSON calls an object: not null, and no list. Its keys may still be anything. */

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
