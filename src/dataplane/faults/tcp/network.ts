/**
 * A link as it would be over a network that everybody knows by name: a narrow place that all its connections share, losses where there are some, and
 * distance. The shape of a fault that is made of others; what each of them does is said in its own file.
 */
import { z } from 'zod';
import { type Direction, defineCompoundFault, type TcpFault, type TcpFaultPart } from '../fault.js';
import { NETWORK_PROFILE_NAMES, type NetworkProfile, networkProfiles } from '../network-profiles.js';
import { bandwidth } from './bandwidth.js';
import { latency } from './latency.js';
import { loss } from './loss.js';

function part<S extends z.ZodType>(definition: TcpFault<S>, direction: Direction, value: z.input<S>): TcpFaultPart {
  // The erasure is safe because the definition's own schema makes the params that it is opened with.
  return { definition: definition as unknown as TcpFault, direction, params: definition.schema.parse(value) };
}

export const network = defineCompoundFault({
  name: 'network',
  summary: 'Make the link one over a network known by name: its round trip, its rates, its losses. See `faultlab catalog profiles`.',
  schema: z.strictObject({
    profile: z.enum(NETWORK_PROFILE_NAMES).meta({ description: 'a profile of the catalog, like 3G or crossRegion' }),
  }),
  example: { profile: '3G' },
  defaultDirection: 'both',
  alters: false,
  parts: ({ profile }) => {
    const { roundTripMs, jitterMs = 0, down, up, loss: share }: NetworkProfile = networkProfiles[profile];
    return [
      ...(down === undefined ? [] : [part(bandwidth, 'down', { rate: down, share: 'proxy' })]),
      ...(up === undefined ? [] : [part(bandwidth, 'up', { rate: up, share: 'proxy' })]),
      ...(share === undefined ? [] : [part(loss, 'both', { rate: share })]),
      part(latency, 'both', { latency: `${roundTripMs / 2}ms`, jitter: `${jitterMs / 2}ms` }),
    ];
  },
});
