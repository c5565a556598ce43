/** Keys that mean nothing for the type they stand at. They are refused before anything is on: a condition that is quietly ignored faults far too much. */
import type { Direction, FlowDirection, LinkFault } from './fault.js';
import type { FaultSpec } from './spec.js';

type ConditionKey = 'direction' | 'connections' | 'match' | 'exclude' | 'keyBy' | 'dataOnly';
type Conditions = { readonly [K in ConditionKey]?: FaultSpec[K] | undefined };

export interface Misplaced {
  key: ConditionKey;
  /** What is wrong and what would be right. */
  problem: string;
}

export function misplacedKeys(definition: LinkFault, given: Conditions): readonly Misplaced[] {
  switch (definition.protocol) {
    case 'http':
      return misplacedOnRequests(definition, given);
    case 'tls':
      return [...misplacedOnConnections(definition, given), ...misplacedOnHandshakes(definition, given)];
    case 'tcp':
      return misplacedOnConnections(definition, given);
  }
}

function misplacedOnConnections(
  { name, forRequests }: { name: string; forRequests?: string },
  { match, exclude, keyBy }: Conditions,
): readonly Misplaced[] {
  const problem = `${name} acts on connections, whatever they carry${forRequests === undefined ? '' : `; for requests there is ${forRequests}`}`;
  const misplaced: Misplaced[] = [];
  if (match !== undefined) misplaced.push({ key: 'match', problem });
  if (exclude !== undefined) misplaced.push({ key: 'exclude', problem });
  if (keyBy !== undefined && keyBy !== 'connection' && keyBy !== 'instance') {
    misplaced.push({ key: 'keyBy', problem: `expected connection or instance, for ${name} knows no requests; found ${keyBy}` });
  }
  return misplaced;
}

function misplacedOnHandshakes({ name }: { name: string }, { direction, connections, dataOnly }: Conditions): readonly Misplaced[] {
  const misplaced: Misplaced[] = [];
  const problem = `${name} acts on the caller’s handshake`;
  if (direction !== undefined && direction !== 'up')
    misplaced.push({ key: 'direction', problem: `${problem}: expected none, found ${direction}` });
  if (connections === 'existing')
    misplaced.push({ key: 'connections', problem: `${problem}, which existing connections have behind them` });
  if (dataOnly !== undefined) misplaced.push({ key: 'dataOnly', problem: `${problem}; only tcp faults have this` });
  return misplaced;
}

function misplacedOnRequests(
  { name, defaultDirection, phases = ['up', 'down'] }: Extract<LinkFault, { protocol: 'http' }>,
  { direction = defaultDirection, match, exclude, dataOnly }: Conditions,
): readonly Misplaced[] {
  const misplaced: Misplaced[] = [];
  const ways: readonly FlowDirection[] = direction === 'both' ? ['up', 'down'] : [direction];
  if (!ways.every((way) => phases.includes(way))) {
    misplaced.push({ key: 'direction', problem: `${name} acts ${phases.join(' or ')} only, found ${direction}` });
  }
  if (direction !== 'down') {
    const problem = `status: ${name} looks at requests here, which have no status yet; with \`direction: down\` it looks at responses`;
    if (match?.status !== undefined) misplaced.push({ key: 'match', problem });
    if (exclude?.some((excluded) => typeof excluded === 'object' && excluded.status !== undefined))
      misplaced.push({ key: 'exclude', problem });
  }
  if (dataOnly !== undefined) misplaced.push({ key: 'dataOnly', problem: `${name} looks at messages; only tcp faults have this` });
  return misplaced;
}

/** What is wrong with parameters, each good in itself, in the direction in which the fault is to act. */
export function misfitOf(
  definition: LinkFault,
  { params, direction = definition.defaultDirection }: { params: unknown; direction?: Direction | undefined },
): string | undefined {
  return definition.protocol === 'http' ? definition.misfit?.(params, direction) : undefined;
}
