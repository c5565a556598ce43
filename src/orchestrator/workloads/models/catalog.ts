/** All load models, found by name. */
import { type Catalog, createCatalog } from '../../../core/catalog.js';
import type { LoadModel } from './load-model.js';
import * as registry from './registry.js';

// The erasure is safe because a model's own schema produces the params that its own `open` is called with.
export const loadModels = createCatalog('load model', registry as unknown as Readonly<Record<string, LoadModel>>) as Catalog<LoadModel>;
