/** All probes, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Probe } from './probe.js';
import * as registry from './registry.js';

// The erasure is safe because a probe's own schema produces the params that its own `run` is called with.
export const probes = createCatalog('probe', registry as unknown as Readonly<Record<string, Probe>>) as Catalog<Probe>;
