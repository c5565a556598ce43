import { expect, test } from 'vitest';
import { tracesUrl } from '../../src/cli/traces-url.js';

test('traces are off unless somebody names a collector', () => {
  expect(tracesUrl(undefined, {})).toBeUndefined();
  expect(tracesUrl(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined();
  expect(tracesUrl(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
});

test('a collector is where all signals begin, but for the variable that is of traces alone; what is asked for here wins', () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/base/' };
  expect(tracesUrl(undefined, env)).toBe('http://c:4318/base/v1/traces');
  expect(tracesUrl(undefined, { ...env, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t/own' })).toBe('https://t/own');
  expect(tracesUrl('http://127.0.0.1:4318', { ...env, OTEL_SDK_DISABLED: 'true' })).toBe('http://127.0.0.1:4318/v1/traces');
  expect(tracesUrl('http://127.0.0.1:4318/v1/traces', env)).toBe('http://127.0.0.1:4318/v1/traces');
});

test('what is no address by http or https is refused, and said where it stands', () => {
  expect(() => tracesUrl('localhost:4318', {})).toThrow(/--otlp: expected a collector/);
  expect(() => tracesUrl(undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' })).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT: expected/);
});
