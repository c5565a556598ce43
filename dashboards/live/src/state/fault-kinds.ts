/** What a fault does to a link in one word, for its mark in pictures. A type that is not listed spoils what crosses. */
const CUTS = [
  'blackhole',
  'partition',
  'refuse',
  'reset',
  'halfOpen',
  'stall',
  'flap',
  'handshakeStall',
  'handshakeReset',
  'goaway',
  'limitData',
];
const SLOWS = [
  'latency',
  'delay',
  'bandwidth',
  'throttle',
  'drip',
  'slowOpen',
  'slowClose',
  'loss',
  'network',
  'slicer',
  'hold',
  'reorder',
  'stalledWindow',
];

/** `cut`: nothing gets through. `slow`: all does, later. `spoil`: something else comes than was sent. */
export type FaultKind = 'cut' | 'slow' | 'spoil';

const KINDS: ReadonlyMap<string, FaultKind> = new Map([
  ...CUTS.map((type): [string, FaultKind] => [type, 'cut']),
  ...SLOWS.map((type): [string, FaultKind] => [type, 'slow']),
]);

export function faultKindOf(type: string): FaultKind {
  return KINDS.get(type) ?? 'spoil';
}
