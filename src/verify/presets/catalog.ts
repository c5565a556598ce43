/** All presets, found by name. */
import { type Catalog, createCatalog } from '../../core/catalog.js';
import type { Preset } from './preset.js';
import * as registry from './registry.js';

// The erasure is safe because a preset's own schema produces the settings that its own `models` is called with.
export const presets = createCatalog('preset', registry as unknown as Readonly<Record<string, Preset>>) as Catalog<Preset>;
