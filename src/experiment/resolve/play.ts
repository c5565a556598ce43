/** `play:` with every service that it names found. */
import { didYouMean } from '../../core/suggest.js';
import type { Complain } from '../problem.js';
import type { Experiment } from '../schema/experiment.js';

export function checkPlay({ play, topology }: Pick<Experiment, 'play' | 'topology'>, complain: Complain): void {
  const known = Object.keys(topology.services);
  const check = (service: string, path: readonly (string | number)[]): void => {
    if (!known.includes(service)) complain(['play', ...path], `unknown service "${service}"${didYouMean(service, known)}`);
  };
  for (const [i, { service }] of (play?.words ?? []).entries()) check(service, ['words', i, 'service']);
  for (const [i, { from, to }] of (play?.counts ?? []).entries()) {
    check(from, ['counts', i, 'from']);
    check(to, ['counts', i, 'to']);
  }
}
