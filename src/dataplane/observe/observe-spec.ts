/** What a link notes of each request beside the figures that it always notes, as a person writes it. Nothing here changes what goes over the wire. */
import { z } from 'zod';

export const OBSERVED_HEADERS_MAX = 16;
export const ROUTES_MAX = 200;
/** Their values would stand in every journal and report. */
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

const header = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/, 'expected the name of a header, like x-order-id')
  .transform((name) => name.toLowerCase())
  .refine((name) => !SECRET_HEADERS.has(name), 'expected a header that names a request, found one that carries a secret');

const route = z
  .string()
  .max(512)
  .regex(/^(?:\/[^{}?#\s/]*(?:\{[^{}\s/]+\}[^{}?#\s/]*)?)+$/, 'expected a path like /orders/{id}, with at most one {…} in a segment');

export const observeSchema = z
  .strictObject({
    headers: z.array(header).max(OBSERVED_HEADERS_MAX).default([]).meta({
      description: 'request headers to note as `tokens`, beside idempotency-key, which is always noted; 200 characters of each',
    }),
    routes: z.array(route).max(ROUTES_MAX).default([]).meta({
      description: 'templates of paths, like /orders/{id}; an exchange notes the first that its path fits as its `route`',
    }),
  })
  .meta({ description: 'what is noted of each request beside times, bytes and outcome; needs a link that carries HTTP' });
export type ObserveSpec = z.output<typeof observeSchema>;
export type ObserveSpecInput = z.input<typeof observeSchema>;
