/** From a fault as somebody asks for it to one that can be on: a known type, parameters that it takes, and proxies that it suits. */
import { LabError } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';
import { ActiveFault, type Hand } from './faults/active-fault.js';
import { carriersOf } from './faults/carriers.js';
import { faults as catalog } from './faults/catalog.js';
import type { Direction, LinkFault } from './faults/fault.js';
import { misfitOf, misplacedKeys } from './faults/misplaced.js';
import type { FaultSpec } from './faults/spec.js';
import { isLinkFault } from './faults/topology-fault.js';
import type { ProxySpec } from './proxy.js';

export interface FaultRequest {
  run: string;
  spec: FaultSpec;
  sinceMs: number;
  hand?: Hand | undefined;
}

/** All of them, or none. `isOn`: a fault of that id is there already. Throws FAULT_EXISTS, and what `admitFault` throws. */
export function admitFaults(
  requests: readonly FaultRequest[],
  { proxyOf, isOn }: { proxyOf(name: string): ProxySpec; isOn(id: string): boolean },
): readonly ActiveFault[] {
  const taken = requests.find(({ spec }) => isOn(spec.id));
  if (taken !== undefined) throw new LabError('FAULT_EXISTS', { fault: taken.spec.id });
  const admitted = requests.map((request) => admitFault(request, proxyOf));
  if (new Set(admitted.map((fault) => fault.id)).size < admitted.length) throw new LabError('FAULT_EXISTS', { fault: 'given twice' });
  return admitted;
}

/** `proxyOf` throws PROXY_UNKNOWN. Throws that, UNKNOWN_FAULT_TYPE, FAULT_INVALID, FAULT_PROTOCOL or PROXY_PROTECTED. */
export function admitFault({ run, spec, sinceMs, hand }: FaultRequest, proxyOf: (name: string) => ProxySpec): ActiveFault {
  const definition = catalog.get(spec.type);
  if (definition === undefined || !isLinkFault(definition)) {
    const known = catalog.all.filter(isLinkFault).map(({ name }) => name);
    throw new LabError('UNKNOWN_FAULT_TYPE', { type: spec.type, known: known.join(', ') });
  }
  for (const name of spec.proxies) refuseUnsuited(definition, proxyOf(name));
  refuseMisplaced(definition, spec);
  return new ActiveFault({ run, spec, definition, params: paramsOf(definition, { ...spec, fault: spec.id }), sinceMs, hand });
}

/** `value` as the definition takes it in that direction. Throws FAULT_INVALID. */
export function paramsOf(
  definition: LinkFault,
  { fault, value, direction }: { fault: string; value?: unknown; direction?: Direction | undefined },
): unknown {
  const params = definition.schema.safeParse(value ?? {});
  const misfit = params.success ? misfitOf(definition, { params: params.data, direction }) : undefined;
  if (params.success && misfit === undefined) return params.data;
  const problems = params.error && explainInLine(params.error, { schema: definition.schema, data: value ?? {}, at: ['value'] });
  throw new LabError('FAULT_INVALID', { fault, problems: problems ?? `value: ${misfit}` });
}

function refuseMisplaced(definition: LinkFault, spec: FaultSpec): void {
  const misplaced = misplacedKeys(definition, spec);
  if (misplaced.length === 0) return;
  throw new LabError('FAULT_INVALID', { fault: spec.id, problems: misplaced.map(({ key, problem }) => `${key}: ${problem}`).join('; ') });
}

function refuseUnsuited(definition: LinkFault, proxy: ProxySpec): void {
  if (proxy.protected) throw new LabError('PROXY_PROTECTED', { proxy: proxy.name });
  if (definition.protocol === 'tls' && proxy.tls?.terminate === undefined) {
    throw new LabError('FAULT_NEEDS_TLS', { type: definition.name, proxy: proxy.name });
  }
  const carriers = carriersOf(definition);
  if (!carriers.includes(proxy.protocol)) {
    throw new LabError('FAULT_PROTOCOL', {
      type: definition.name,
      needs: carriers.join(' or '),
      proxy: proxy.name,
      protocol: proxy.protocol,
    });
  }
}
