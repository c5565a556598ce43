/** All faults, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import * as http from './http/registry.js';
import * as http2 from './http2/registry.js';
import * as process from './process/registry.js';
import * as tcp from './tcp/registry.js';
import * as tls from './tls/registry.js';
import * as topology from './topology/registry.js';
import type { AnyFault } from './topology-fault.js';

// The erasure is safe because a definition's own schema produces the params that its own functions are called with.
export const faults = createCatalog('fault', { ...tcp, ...http, ...http2, ...tls, ...topology, ...process } as unknown as Readonly<
  Record<string, AnyFault>
>) as Catalog<AnyFault>;
