/** `/v1/annotations?from&to`: what happened between two instants, as Grafana's JSON data sources take it. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { AnnotationDesk } from '../annotation-desk.js';
import { readQuery } from '../body.js';

const instant = z.coerce.number().min(0).max(8.64e15).optional();
const querySchema = z.object({ from: instant, to: instant });

export function annotationRoutes(desk: AnnotationDesk) {
  return new Hono().get('/', (c) => c.json(desk.between(readQuery(c, querySchema))));
}
