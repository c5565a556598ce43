import { describe, expect, it } from 'vitest';
import { faults } from '../../../src/dataplane/faults/catalog.js';
import { resolvePlay } from '../../../src/experiment/resolve/play.js';
import { playSchema } from '../../../src/experiment/schema/play.js';

const inputs = {
  fencing: { type: 'string', enum: ['on', 'off'], description: 'who is late is refused' },
  hasFence: { type: 'boolean' },
  depth: { type: 'number' },
};

function resolved(play: object) {
  const problems: string[] = [];
  const experiment = { play: playSchema.parse({ about: 'x', ...play }), topology: { services: { quorum: {} } }, inputs };
  const found = resolvePlay(experiment as never, {
    faults,
    complain: (path, message) => problems.push(`${path.join('.')}: ${message}`),
  });
  return { found, problems };
}

it('a service that play names and nobody has is a problem where it stands', () => {
  const { problems } = resolved({
    words: [{ service: 'quorun', path: '/role', show: ['role'] }],
    counts: [{ from: 'quorum', to: 'b' }],
    acts: [{ service: 'quorum', from: 'c', does: 'x', undoes: 'y', fault: { type: 'blackhole' } }],
  });
  expect(problems).toEqual([
    'play.words.0.service: unknown service "quorun"; did you mean "quorum"?',
    'play.counts.0.to: unknown service "b"; known: quorum',
    'play.acts.0.from: unknown service "c"; known: quorum',
  ]);
});

describe('defences', () => {
  it('may be set to all that their inputs may be, or to what is listed', () => {
    const { found, problems } = resolved({
      defences: [{ input: 'fencing' }, { input: 'hasFence' }, { input: 'depth', values: ['0', '1'] }],
    });
    expect(problems).toEqual([]);
    expect(found?.defences).toEqual([
      { input: 'fencing', about: 'who is late is refused', values: ['on', 'off'] },
      { input: 'hasFence', about: '', values: ['true', 'false'] },
      { input: 'depth', about: '', values: ['0', '1'] },
    ]);
  });

  it('that are no inputs, or could be set to what these may not be, are problems', () => {
    const { problems } = resolved({
      defences: [{ input: 'fencin' }, { input: 'depth' }, { input: 'fencing', values: ['on', 'maybe'] }],
    });
    expect(problems).toEqual([
      'play.defences.0.input: unknown input "fencin"; did you mean "fencing"?',
      'play.defences.1.input: depth may be anything of its type: expected `values` that it is switched between',
      'play.defences.2.values.1: expected one of on, off, found "maybe"',
    ]);
  });
});

describe('faults of one click', () => {
  const act = (fault: object, more: object = {}) => ({ acts: [{ service: 'quorum', does: 'x', undoes: 'y', fault, ...more }] });

  it('are on links or on the process, by their type', () => {
    const isOnProcess = (fault: object) => resolved(act(fault)).found?.acts?.[0]?.isOnProcess;
    expect(isOnProcess({ type: 'clockSkew', value: { ahead: '2s' } })).toBe(true);
    expect(isOnProcess({ type: 'delay', value: { delay: '2s' } })).toBe(false);
  });

  it('that nobody could put on are problems', () => {
    expect(resolved(act({ type: 'equivoke' })).problems[0]).toContain('play.acts.0.fault.type: expected a fault on a link or a process');
    expect(resolved(act({ type: 'partition' })).problems).toHaveLength(1);
    expect(resolved(act({ type: 'clockSkew', value: { ahed: '2s' } })).problems[0]).toMatch(/^play.acts.0.fault.value: .*ahed/);
    expect(resolved(act({ type: 'pause' }, { from: 'quorum' })).problems).toEqual([
      'play.acts.0.from: pause is on the process, whoever calls it',
    ]);
  });
});
