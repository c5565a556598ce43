/**
 * Where people speak into a run that uses this daemon: notes, and answers to gates that the run has opened. What they say goes into the daemon's stream of
 * observations, so it comes to the journal in its place among all that happened. Nothing is kept here but the gates that wait.
 */
import { z } from 'zod';
import { LabError } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import type { Daemon } from '../dataplane/daemon.js';
import type { GateDecision, GateInputs } from '../journal/observations.js';

/** Gates that may wait at a time. */
const GATES_MAX = 100;

export const person = z.string().min(1).max(100);

export const noteSchema = z.strictObject({
  text: z.string().trim().min(1).max(2_000).meta({ description: 'what is to be remembered' }),
  by: person.default('somebody').meta({ description: 'who says so' }),
});
const text = z.string().min(1).max(100);

export const gateSchema = z.strictObject({
  run: z.string().min(1).max(200).meta({ description: 'the run that waits' }),
  question: z.string().max(2_000).default('').meta({ description: 'what is to be decided' }),
  by: z.array(person).max(100).default([]).meta({ description: 'who may answer; anybody if empty' }),
  sets: z
    .array(z.strictObject({ input: text, values: z.array(text).min(1).max(10) }))
    .max(10)
    .default([])
    .meta({ description: 'inputs that an answer may set, for the run that comes after this one' }),
});
export const answerSchema = z.strictObject({
  decision: z.enum(['approved', 'refused']),
  by: person.default('somebody').meta({ description: 'who says so; nobody checks that it is true' }),
  inputs: z.record(text, text).optional().meta({ description: 'begin again with these, where the gate says that it can' }),
});

export interface OpenGate extends z.output<typeof gateSchema> {
  name: string;
}

export class PeopleDesk {
  readonly #daemon: Daemon;
  readonly #gates = new Map<string, OpenGate>();

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Throws NO_RUN while none uses this daemon. */
  note({ text, by }: z.output<typeof noteSchema>): { run: string } {
    const run = this.#activeRun();
    this.#daemon.observations.push({ kind: 'note', run, text, by, atMs: this.#daemon.clock.nowMs() });
    return { run };
  }

  /** Those that wait. Of runs that are gone none do. */
  get gates(): readonly OpenGate[] {
    const { run } = this.#daemon.status();
    for (const gate of this.#gates.values()) if (gate.run !== run) this.#gates.delete(gate.name);
    return [...this.#gates.values()];
  }

  /** Asking again changes the question. Throws BOUND_REACHED, or RUN_ACTIVE while another run holds the daemon. */
  open(name: string, gate: z.output<typeof gateSchema>): OpenGate {
    this.#daemon.refuseBesides(gate.run);
    if (this.gates.length >= GATES_MAX && !this.#gates.has(name))
      throw new LabError('BOUND_REACHED', { what: 'gates that wait', max: GATES_MAX });
    const open = { ...gate, name };
    this.#gates.set(name, open);
    return open;
  }

  /** It waits no longer; one that does not wait is no error. */
  close(name: string): void {
    this.#gates.delete(name);
  }

  /** The first answer counts. Throws GATE_UNKNOWN, GATE_NOT_YOURS for somebody whom the gate does not name, or GATE_INPUT. */
  answer(name: string, { decision, by, inputs }: z.output<typeof answerSchema>): OpenGate {
    const gate = this.gates.find((one) => one.name === name);
    if (gate === undefined) throw new LabError('GATE_UNKNOWN', { gate: name, known: listed(this.gates.map((one) => one.name)) });
    if (gate.by.length > 0 && !gate.by.includes(by)) throw new LabError('GATE_NOT_YOURS', { gate: name, by, asked: listed(gate.by) });
    if (inputs !== undefined) refuseInputs(gate, { decision, inputs });
    this.#gates.delete(name);
    const answer = { kind: 'gate', run: gate.run, gate: name, decision, by, ...(inputs && { inputs }) } as const;
    this.#daemon.observations.push({ ...answer, atMs: this.#daemon.clock.nowMs() });
    return gate;
  }

  #activeRun(): string {
    const { run } = this.#daemon.status();
    if (run === null || run === undefined) throw new LabError('NO_RUN', {});
    return run;
  }
}

/** Nothing is begun again with what would not be planned. Throws GATE_INPUT. */
function refuseInputs({ name: gate, sets }: OpenGate, { decision, inputs }: { decision: GateDecision; inputs: GateInputs }): void {
  const refuse = (problem: string): never => {
    throw new LabError('GATE_INPUT', { gate, problem });
  };
  if (sets.length === 0) refuse('this run is not begun again with other inputs: only what `faultlab lab play` has started is');
  if (decision !== 'approved') refuse('expected "decision": "approved" together with inputs, for the run has to end first');
  if (Object.keys(inputs).length === 0) refuse(`expected at least one of ${listed(sets.map(({ input }) => input))}`);
  for (const [input, value] of Object.entries(inputs)) {
    const values = sets.find((one) => one.input === input)?.values;
    if (values === undefined) refuse(`"${input}" is none of its switches: ${listed(sets.map((one) => one.input))}`);
    else if (!values.includes(value)) refuse(`${input}: expected one of ${listed(values)}, found ${JSON.stringify(value)}`);
  }
}
