/** A balancer by hashicorp/memberlist, which finds by gossip among the instances that one of them stands still: what it says is its events. */

import { realBalancer } from './ejection-cycles.js';
import { missingGo, startGo } from './go-library.js';

const SOURCE = 'memberlist.go';

export const goMemberlist = realBalancer({
  name: 'Go memberlist (real)',
  summary: 'probed every 200 ms, suspected for 400 ms to 800 ms, told of by gossip',
  missing: () => missingGo('github.com/hashicorp/memberlist', 'golang-github-hashicorp-memberlist-dev'),
  pauses: true,
  callee: (instance) => startGo(SOURCE, { args: ['member', instance], onSaid: () => {} }),
  start: ({ ports, ejects, on }) =>
    startGo(SOURCE, {
      args: ['balancer', JSON.stringify(Object.fromEntries(ports)), ...(ejects ? [] : ['all'])],
      onSaid: ({ says, of, atMs }) => on(of, says === 'in' ? 'in' : 'out', atMs),
    }),
  faultMs: 4_000,
  calmMs: 2_500,
  detectWithinMs: 2_500,
  returnsWithinMs: 2_000,
  tellsReturns: true,
  views: 1,
});
