/** All checks, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Check } from '../check.js';
import * as registry from './registry.js';

// The erasure is safe because a check's own schema produces the params that its own `evaluate` is called with.
export const checks = createCatalog('check', registry as unknown as Readonly<Record<string, Check>>) as Catalog<Check>;
