/** Requests and answers of etcd's JSON gateway: keys and values are base64 in it, and what is empty is left out. */
import { isMap } from '../../core/is-map.js';

export interface GatewayCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export function putOf(key: string, value: string): GatewayCall {
  return { path: '/v3/kv/put', body: { key: encoded(key), value: encoded(value) } };
}

/** `isLocal`: as the member asked has it, without asking the others. */
export function rangeOf(key: string, isLocal: boolean): GatewayCall {
  return { path: '/v3/kv/range', body: { key: encoded(key), serializable: isLocal } };
}

/** Undefined where the key has none. */
export function valueIn({ kvs }: Readonly<Record<string, unknown>>): string | undefined {
  const [first] = Array.isArray(kvs) ? (kvs as readonly unknown[]) : [];
  if (!isMap(first)) return undefined;
  const { value = '' } = first;
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined;
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}
