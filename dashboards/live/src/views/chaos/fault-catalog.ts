/** The catalog of faults as the daemon tells of it, asked for once. */
import { ask } from '../../wire/request.js';
import type { JsonSchema } from './fields.js';

export interface CatalogFault {
  name: string;
  summary: string;
  /** `tcp`, `http`, `tls`, `topology` or `process`. */
  protocol: string;
  example: unknown;
  /** Protocols of links that it can be on; left out where it is on none. */
  carriers?: readonly string[];
  /** The one that it has where none is named. */
  direction?: string;
  /** Of its parameters. */
  value: JsonSchema;
}

let asked: Promise<readonly CatalogFault[]> | undefined;

/** A failure is not kept: the next who asks tries again. */
export function faultCatalog(): Promise<readonly CatalogFault[]> {
  asked ??= ask<{ faults: readonly CatalogFault[] }>('/v1/catalog/faults').then(({ faults }) => faults);
  asked.catch(() => {
    asked = undefined;
  });
  return asked;
}

export function suits({ carriers }: CatalogFault, protocol: string): boolean {
  return carriers?.includes(protocol) === true;
}
