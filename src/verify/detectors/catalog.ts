/** All failure detectors, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Detector } from './detector.js';
import * as registry from './registry.js';

// The erasure is safe because a detector's own schema produces the params that its own `open` is called with.
export const detectors = createCatalog('detector', registry as unknown as Readonly<Record<string, Detector>>) as Catalog<Detector>;
