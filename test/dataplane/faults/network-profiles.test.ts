import { describe, expect, test } from 'vitest';
import {
  describeProfile,
  NETWORK_PROFILE_NAMES,
  type NetworkProfile,
  networkProfiles,
} from '../../../src/dataplane/faults/network-profiles.js';
import { network } from '../../../src/dataplane/faults/tcp/network.js';

describe.each(NETWORK_PROFILE_NAMES)('%s', (name) => {
  const profile: NetworkProfile = networkProfiles[name];

  test('is a network that the fault can make of a link', () => {
    expect(network.parts(network.schema.parse({ profile: name })).length).toBeGreaterThan(0);
  });

  test('is told in a sentence and in figures', () => {
    expect(profile.summary).toMatch(/^[A-Z].*\.$/);
    expect(describeProfile(profile)).toMatch(/^\d+ms round trip/);
  });

  test('never has more jitter than distance', () => {
    expect(profile.jitterMs ?? 0).toBeLessThanOrEqual(profile.roundTripMs);
  });
});
