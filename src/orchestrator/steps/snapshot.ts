/** Copies what instances have written, so that a crash can bring it back: a disk from a backup, a replica that was away. They stand still meanwhile. */

import { listed } from '../../core/suggest.js';
import { resolveInstances } from '../../experiment/resolve/target.js';
import { type SelectorText, selectorSchema } from '../../experiment/schema/selector.js';
import { defineStepKind } from './step-kind.js';

export const snapshot = defineStepKind({
  name: 'snapshot',
  summary: 'Copy the data folders of some instances, for a `crash` with stale data later; they stand still while it is done.',
  example: 'orders',
  schema: () => selectorSchema('whose data is copied'),
  resolve: (who: SelectorText, context) => {
    const { path, complain, topology } = context;
    const whom = resolveInstances(who, path, context);
    if (whom === undefined) return undefined;
    const { instances, openRoles } = whom;
    if (openRoles.length > 0) complain(path, `expected instances by name, found the role ${listed(openRoles)}: who holds it may change`);
    const without = instances.filter((name) => topology.serviceOf.get(name)?.data === undefined);
    if (without.length > 0)
      complain(path, `expected instances with a data folder, found ${listed(without)}; name \${self.data} in argv or env`);
    return {
      params: { instances },
      summary: `copy the data of ${instances.join(', ')}`,
      takesMs: 0,
      copies: instances,
      rehearsed: { instances: [] },
    };
  },
  carryOut: ({ params: { instances } }, { snapshot: copy }, signal) => copy(instances, signal),
});
