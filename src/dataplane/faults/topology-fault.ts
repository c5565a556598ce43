/** The shape of a fault on a topology: it says which links it cuts and with which of the faults that can be on a link. Pure; it is never on one itself. */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Direction, LinkFault } from './fault.js';
import type { ProcessFault } from './process-fault.js';

export interface TopologyLink {
  name: string;
  from: string;
  to: string;
}
/** Whom a topology fault is about: links, or the instances of a service, some of which may have been selected. */
export type TopologyScope =
  | { kind: 'links'; links: readonly TopologyLink[] }
  | { kind: 'group'; members: readonly string[]; selected: readonly string[] };

export interface TopologyScene {
  scope: TopologyScope;
  /** Every link there is. */
  all: readonly TopologyLink[];
  /** In [0, 1), the same for the same name. */
  draw(name: string): number;
}

/** What a topology fault becomes: one wire fault over a set of links. */
export interface WireFault {
  type: string;
  direction: Direction;
  connections: 'all' | 'new' | 'existing';
  value: unknown;
  links: readonly string[];
  /** What was chosen, where something was. */
  summary?: string;
}
/** Why it cannot be: half a sentence, and the parameter that is to blame if one is. */
export interface TopologyObstacle {
  problem: string;
  key?: string;
}

/** In a plan its parameters stand beside its type, without a `value`: they say whom and how in one. */
export interface TopologyFault<S extends z.ZodObject = z.ZodObject> extends Definition {
  readonly protocol: 'topology';
  readonly schema: S;
  readonly example: z.input<S>;
  /** Pure: which links are cut, and how. */
  expand(params: z.output<S>, scene: TopologyScene): WireFault | TopologyObstacle;
}

export type AnyFault = LinkFault | TopologyFault | ProcessFault;

/** Whether it can be on a link, and so be asked of a daemon. */
export function isLinkFault(fault: AnyFault): fault is LinkFault {
  return fault.protocol !== 'topology' && fault.protocol !== 'process';
}

export function defineTopologyFault<S extends z.ZodObject>(fault: Omit<TopologyFault<S>, 'protocol'>): TopologyFault<S> {
  return { protocol: 'topology', ...fault };
}
