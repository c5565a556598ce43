/** All importers, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Importer } from '../importer.js';
import * as registry from './registry.js';

export const importers: Catalog<Importer> = createCatalog<Importer>('importer', registry);
