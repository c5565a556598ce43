/** All history checkers, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { HistoryChecker } from './checker.js';
import * as registry from './registry.js';

// The erasure is safe because a checker's own schema produces the params that its own `check` is called with.
export const historyCheckers = createCatalog(
  'history checker',
  registry as unknown as Readonly<Record<string, HistoryChecker>>,
) as Catalog<HistoryChecker>;
