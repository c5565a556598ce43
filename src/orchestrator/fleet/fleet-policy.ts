/** What a plan says of its fleet, beside where its instances are. */
export interface FleetPolicy {
  /** What becomes of the run when an agent cannot be followed any more. */
  onAgentLoss: 'stop' | 'continue' | 'inconclusive';
  /** Waited for agents that other runs have; 0: not at all. */
  queueForMs: number;
  /** Of the run in etcd: so long after its last renewal every host has healed. */
  leaseMs: number;
  /** At the end, for what hosts have observed and not sent yet. */
  observationsWithinMs: number;
}
