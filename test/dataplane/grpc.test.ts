import { describe, expect, it } from 'vitest';
import { grpcHeaders, grpcStatus, grpcStatusOf, isGrpc } from '../../src/dataplane/grpc.js';

describe('gRPC, seen from outside', () => {
  it.each([
    ['application/grpc', true],
    ['application/grpc+proto', true],
    ['application/grpc;charset=utf-8', true],
    ['application/grpc-web', false],
    ['application/json', false],
    [undefined, false],
  ])('%s is a call: %s', (contentType, expected) => {
    expect(isGrpc(contentType)).toBe(expected);
  });

  it.each([
    ['0', 0],
    ['16', 16],
    ['17', undefined],
    ['-1', undefined],
    ['x', undefined],
    [undefined, undefined],
  ])('the status %s is %s', (text, expected) => {
    expect(grpcStatusOf(text)).toBe(expected);
  });

  it('writes messages so that every byte of them can stand in a field', () => {
    expect(grpcHeaders(14, '100 % gone: größer\n')).toEqual({
      'content-type': 'application/grpc',
      'grpc-status': '14',
      'grpc-message': '100 %25 gone: gr%C3%B6%C3%9Fer%0A',
    });
    expect(grpcHeaders(5, '')).toEqual({ 'content-type': 'application/grpc', 'grpc-status': '5' });
  });

  it('knows codes by name, and no others', () => {
    expect(grpcStatus.parse('UNAVAILABLE')).toBe(14);
    expect(grpcStatus.parse(14)).toBe(14);
    for (const given of ['unavailable', 17, -1, 1.5, '14']) expect(grpcStatus.safeParse(given).success).toBe(false);
  });
});
