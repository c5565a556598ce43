import { describe, expect, it } from 'vitest';
import { putOf, rangeOf, valueIn } from '../../../src/lab/etcd/gateway-json.js';

describe('etcd’s JSON gateway', () => {
  it('is asked with keys and values in base64', () => {
    expect(putOf('a', '1')).toEqual({ path: '/v3/kv/put', body: { key: 'YQ==', value: 'MQ==' } });
    expect(rangeOf('a', true)).toEqual({ path: '/v3/kv/range', body: { key: 'YQ==', serializable: true } });
  });

  it('answers with the value, leaves out an empty one, and leaves out a key that is not there', () => {
    expect(valueIn({ kvs: [{ key: 'YQ==', value: 'MQ==' }], count: '1' })).toBe('1');
    expect(valueIn({ kvs: [{ key: 'YQ==' }], count: '1' })).toBe('');
    expect(valueIn({ header: {} })).toBeUndefined();
    expect(valueIn({ kvs: 'none' })).toBeUndefined();
    expect(valueIn({ kvs: [{ value: 7 }] })).toBeUndefined();
  });
});
