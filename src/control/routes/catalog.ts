/** `/v1/catalog/faults`: every fault that can be put on, with JSON Schema of its parameters, so that a page makes its forms from them. */
import { Hono } from 'hono';
import { z } from 'zod';
import { carriersOf } from '../../dataplane/faults/carriers.js';
import { faults } from '../../dataplane/faults/catalog.js';
import { faultFields } from '../../dataplane/faults/spec.js';
import { type AnyFault, isLinkFault } from '../../dataplane/faults/topology-fault.js';
import { partJsonSchema } from '../../experiment/json-schema.js';

function entryOf(fault: AnyFault) {
  const { name, summary, protocol, schema, example } = fault;
  const onLinks = isLinkFault(fault) ? { carriers: carriersOf(fault), direction: fault.defaultDirection } : {};
  return { name, summary, protocol, example, ...onLinks, value: partJsonSchema(schema) };
}

export function catalogRoutes() {
  // Drawn up once, and only when somebody asks.
  let drawn: unknown;
  return new Hono().get('/faults', (c) => {
    drawn ??= { fields: partJsonSchema(z.strictObject(faultFields)), faults: faults.all.map(entryOf) };
    return c.json(drawn as object);
  });
}
