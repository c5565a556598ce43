/** All kinds of steps, found by the key that they have in a file. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import * as registry from './registry.js';
import type { StepKind } from './step-kind.js';

// The erasure is safe because what a kind carries out is what its own `resolve` made of what its own schema accepted.
export const stepKinds = createCatalog('step', registry as unknown as Readonly<Record<string, StepKind>>) as Catalog<StepKind>;
