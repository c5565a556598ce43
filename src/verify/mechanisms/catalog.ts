/** All mechanisms that a policy can declare, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Mechanism } from './mechanism.js';
import * as registry from './registry.js';

// The erasure is safe because `declared` gives settings back only to the mechanism whose schema made them.
export const mechanisms = createCatalog('mechanism', registry as unknown as Readonly<Record<string, Mechanism>>) as Catalog<Mechanism>;
