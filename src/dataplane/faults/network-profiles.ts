/**
 * Networks by name, for the fault that makes a link one of them. Figures are of the whole path, the round trip shared evenly by both ways; what a
 * network does not limit is left out. They are typical, not worst: for a bad day add `loss` or `flap`.
 */

export interface NetworkProfile {
  summary: string;
  roundTripMs: number;
  /** Of the round trip, to either side. */
  jitterMs?: number;
  /** Caller ← callee, shared by all connections of the link. */
  down?: string;
  /** Caller → callee, likewise. */
  up?: string;
  /** Share of the packets, each way. */
  loss?: string;
}

export const networkProfiles = {
  // WebPageTest's connectivity presets; `fast3G` is also what Lighthouse throttles mobile pages to.
  dialUp: { summary: 'A modem on a telephone line.', roundTripMs: 120, down: '49kbit/s', up: '30kbit/s' },
  EDGE: { summary: 'Mobile, second generation at its best.', roundTripMs: 840, down: '240kbit/s', up: '200kbit/s' },
  slow3G: { summary: 'Mobile, third generation in a crowd.', roundTripMs: 400, down: '400kbit/s', up: '400kbit/s' },
  '3G': { summary: 'Mobile, third generation.', roundTripMs: 300, down: '1.6Mbit/s', up: '768kbit/s' },
  fast3G: { summary: 'Mobile, third generation near the mast.', roundTripMs: 150, down: '1.6Mbit/s', up: '768kbit/s' },
  '4G': { summary: 'Mobile, fourth generation on an average day.', roundTripMs: 170, down: '9Mbit/s', up: '9Mbit/s' },
  LTE: { summary: 'Mobile, fourth generation near the mast.', roundTripMs: 70, down: '12Mbit/s', up: '12Mbit/s' },
  DSL: { summary: 'A home on a slow telephone line.', roundTripMs: 50, down: '1.5Mbit/s', up: '384kbit/s' },
  cable: { summary: 'A home on the television cable.', roundTripMs: 28, down: '5Mbit/s', up: '1Mbit/s' },
  fibre: { summary: 'A home on glass.', roundTripMs: 4, down: '20Mbit/s', up: '5Mbit/s' },
  // The preset of the `comcast` tool.
  wifi: { summary: 'A shared wireless network with some loss.', roundTripMs: 40, down: '30Mbit/s', up: '30Mbit/s', loss: '0.2%' },
  // APNIC, "Testing LEO and GEO satellite services in Australia" (2022): some 600 ms and 40 ms. Rates as operators advertise them.
  satellite: { summary: 'A satellite that stands still in the sky.', roundTripMs: 600, down: '25Mbit/s', up: '3Mbit/s' },
  lowSatellite: {
    summary: 'Satellites that pass overhead, one after the other.',
    roundTripMs: 40,
    jitterMs: 15,
    down: '100Mbit/s',
    up: '10Mbit/s',
  },
  // Light in glass covers 200 km a millisecond; measured between regions of the large clouds it is a quarter to a half more.
  crossZone: { summary: 'Another building of the same region, some 50 km away.', roundTripMs: 1 },
  crossRegion: { summary: 'Across the Atlantic: Virginia and Ireland.', roundTripMs: 70 },
  crossWorld: { summary: 'Round half the world: Virginia and Sydney.', roundTripMs: 200 },
} as const satisfies Readonly<Record<string, NetworkProfile>>;

export type NetworkProfileName = keyof typeof networkProfiles;

/** What there is to choose from, in the order of the table. */
export const NETWORK_PROFILE_NAMES = Object.keys(networkProfiles) as readonly NetworkProfileName[];

/** The figures in words: `300ms round trip, 1.6Mbit/s down, 768kbit/s up`. */
export function describeProfile({ roundTripMs, jitterMs, down, up, loss }: NetworkProfile): string {
  const parts = [`${roundTripMs}ms round trip${jitterMs === undefined ? '' : ` ±${jitterMs}ms`}`];
  if (down !== undefined) parts.push(`${down} down`);
  if (up !== undefined) parts.push(`${up} up`);
  if (loss !== undefined) parts.push(`${loss} loss`);
  return parts.join(', ');
}
