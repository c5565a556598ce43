/** All report formats, found by name. */
import { type Catalog, createCatalog } from '../core/catalog.js';
import * as registry from './registry.js';
import type { Reporter } from './reporter.js';

export const reporters: Catalog<Reporter> = createCatalog<Reporter>('report format', registry);
