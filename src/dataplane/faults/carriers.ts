/** On which links a fault can act, by the protocol that a link carries. */
import type { LinkFault } from './fault.js';

export const LINK_PROTOCOLS = ['tcp', 'http', 'http2'] as const;
export type LinkProtocol = (typeof LINK_PROTOCOLS)[number];

/** What acts on bytes acts on all links, for messages are made of them. */
export function carriersOf(definition: LinkFault): readonly LinkProtocol[] {
  if (definition.protocol !== 'http') return LINK_PROTOCOLS;
  return definition.only === undefined ? ['http', 'http2'] : [definition.only];
}
