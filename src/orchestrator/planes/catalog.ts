/** All data planes, found by the name that stands after `driver:`. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Plane } from './plane.js';
import * as registry from './registry.js';

// The erasure is safe because a plane's own schema produces the params that its own functions are called with.
export const planes = createCatalog('driver', registry as unknown as Readonly<Record<string, Plane>>) as Catalog<Plane>;
