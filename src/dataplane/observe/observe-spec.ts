/** What a link notes of each request beside the figures that it always notes, as a person writes it. `labHeader` is the one thing here that changes what goes over the wire. */
import { z } from 'zod';
import { isFramingField } from '../faults/head-fields.js';
import { jsonPathSchema } from '../faults/json-path.js';

const OBSERVED_HEADERS_MAX = 16;
export const ROUTES_MAX = 200;
const OBSERVED_PATHS_MAX = 8;
/** Their values would stand in every journal and report. */
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

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
      description:
        'request headers to note as `tokens`, beside x-request-id, traceparent and idempotency-key, which always are; 200 characters of each',
    }),
    answerHeaders: z.array(header).max(OBSERVED_HEADERS_MAX).default([]).meta({
      description: 'response headers to note as `answerTokens`, as the caller got them; 200 characters of each',
    }),
    body: z.array(jsonPathSchema).max(OBSERVED_PATHS_MAX).default([]).meta({
      description: 'places in JSON bodies of requests, like $.order.id, to note as `tokens`; bodies up to 64 KiB are read as they pass by',
    }),
    routes: z.array(route).max(ROUTES_MAX).default([]).meta({
      description: 'templates of paths, like /orders/{id}; an exchange notes the first that its path fits as its `route`',
    }),
    labHeader: header
      .refine((name) => name !== 'host' && !isFramingField(name), 'expected a header of the lab’s own, like x-lab-exchange')
      .optional()
      .meta({
        description:
          'a request header that the link sets to the exchange’s own name, link#connection.ordinal; without it nothing is ever added',
      }),
  })
  .meta({ description: 'what is noted of each request beside times, bytes and outcome; needs a link that carries HTTP' });
/** The part of it that the load can note of its own requests. */
export const loadObserveSchema = observeSchema
  .pick({ headers: true, answerHeaders: true })
  .meta({ description: 'headers that are noted of the load’s own requests and answers' });
export type LoadObserve = z.output<typeof loadObserveSchema>;
export type ObserveSpec = z.output<typeof observeSchema>;
export type ObserveSpecInput = z.input<typeof observeSchema>;
