/** What the data plane and the load tell a run: written into its journal, kept for its probes, and a reason to end where a fault ended that should be on. */
import { LabError } from '../core/errors.js';
import type { RecordedPlan } from '../journal/events.js';
import type { FaultChange, Observation } from '../journal/observations.js';
import type { JournalWriter } from '../journal/writer.js';
import { faultEventOf } from './fault-event.js';
import { type HandFaults, handEventOf } from './hand-faults.js';
import type { Traffic } from './traffic.js';

export interface ObservePorts {
  journal: Pick<JournalWriter, 'append'>;
  run: string;
  /** Its `linksUnseen`: the data plane does not tell what crosses the links. */
  plan: Pick<RecordedPlan, 'links' | 'linksUnseen'>;
  /** Kept for probes and stop conditions. */
  traffic: Pick<Traffic, 'add'>;
  /** Somebody asks for a fault on processes, or for its end. */
  byHand: Pick<HandFaults, 'heed'>;
  onFailure(error: unknown): void;
}

/** What concerns another run of the same daemon is not noted. */
export function observe(observation: Observation, ports: ObservePorts): void {
  const { journal, run, traffic, byHand } = ports;
  switch (observation.kind) {
    case 'exchange': {
      const { kind, ...exchange } = observation;
      journal.append({ type: kind, ...exchange });
      traffic.add(observation);
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
    case 'beginByHand':
    case 'endByHand':
      if (observation.run === run) void byHand.heed(observation);
      return;
    case 'fault':
      if (observation.run === run) observeFault(observation, ports);
  }
}

function observeFault(observation: FaultChange, { journal, run, plan, onFailure }: ObservePorts): void {
  const { fault, change, byHand } = observation;
  if (byHand !== undefined) {
    // Whoever put it on may let it lapse; the run goes on.
    journal.append(handEventOf(observation, byHand, plan.links));
    return;
  }
  journal.append(faultEventOf(observation, { step: fault.slice(run.length + 1), isSeen: plan.linksUnseen === undefined }));
  if (change === 'halted') onFailure(new LabError('HALTED', { since: 'just now', reason: 'a halt ended the faults of this run' }));
  if (change === 'expired') onFailure(new LabError('LEASE_LOST', { fault }));
}
