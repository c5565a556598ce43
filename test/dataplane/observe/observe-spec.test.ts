import { describe, expect, it } from 'vitest';
import { observeSchema } from '../../../src/dataplane/observe/observe-spec.js';

describe('what a link is told to note', () => {
  it('is nothing more, unless somebody names it', () => {
    expect(observeSchema.parse({})).toEqual({ headers: [], answerHeaders: [], body: [], routes: [] });
  });

  it('names headers in any case, and paths with a part that varies', () => {
    const routes = ['/', '/orders/{id}', '/orders/{id}/lines', '/v1:batch', '/files/{name}.json'];
    expect(observeSchema.parse({ headers: ['X-Order-Id'], routes })).toEqual({
      headers: ['x-order-id'],
      answerHeaders: [],
      body: [],
      routes,
    });
  });

  it.each(['Authorization', 'cookie', 'proxy-authorization', 'a b', ''])('refuses the header "%s"', (header) => {
    expect(observeSchema.safeParse({ headers: [header] }).success).toBe(false);
  });

  it.each(['orders', '/{a}{b}', '/{a}-{b}', '/{', '/a?b', '/{}'])('refuses the route %s', (route) => {
    expect(observeSchema.safeParse({ routes: [route] }).success).toBe(false);
  });

  it.each(['host', 'content-length', 'Connection', 'cookie', 'a b'])('adds no header "%s" to requests', (labHeader) => {
    expect(observeSchema.safeParse({ labHeader }).success).toBe(false);
  });

  it('refuses a place in bodies that is no JSONPath', () => {
    expect(observeSchema.safeParse({ body: ['order.id'] }).success).toBe(false);
  });
});
