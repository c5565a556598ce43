/** What the data plane and the load tell a run: written into its journal, kept for its probes, and a reason to end where a fault ended that should be on. */
import { LabError } from '../core/errors.js';
import type { Exchange, Observation } from '../journal/observations.js';
import type { JournalWriter } from '../journal/writer.js';
import { faultEventOf } from './fault-event.js';

export interface ObservePorts {
  journal: Pick<JournalWriter, 'append'>;
  run: string;
  /** False: the data plane does not tell what crosses the links. */
  isSeen: boolean;
  onExchange(exchange: Exchange): void;
  onFailure(error: unknown): void;
}

/** What concerns another run of the same daemon is not noted. */
export function observe(observation: Observation, { journal, run, isSeen, onExchange, onFailure }: ObservePorts): void {
  switch (observation.kind) {
    case 'exchange': {
      const { kind, ...exchange } = observation;
      journal.append({ type: kind, ...exchange });
      onExchange(observation);
      return;
    }
    case 'connection': {
      const { kind, ...connection } = observation;
      journal.append({ type: kind, ...connection });
      return;
    }
    case 'note':
      if (observation.run === run) journal.append({ type: 'note', text: observation.text, by: observation.by, atMs: observation.atMs });
      return;
    case 'gate':
      // The step that waits at the gate writes down what became of it.
      return;
    case 'fault': {
      const { fault, change } = observation;
      if (observation.run !== run) return;
      journal.append(faultEventOf(observation, { step: fault.slice(run.length + 1), isSeen }));
      if (change === 'halted') onFailure(new LabError('HALTED', { since: 'just now', reason: 'a halt ended the faults of this run' }));
      if (change === 'expired') onFailure(new LabError('LEASE_LOST', { fault }));
    }
  }
}
