/** Every failure detector, one line each. */
export { akkaPhi } from './akka-phi.js';
export { cassandraPhi } from './cassandra-phi.js';
export { chenArrival } from './chen-arrival.js';
export { fixedTimeout } from './fixed-timeout.js';
export { kubernetesProbe } from './kubernetes-probe.js';
export { nodeLease } from './node-lease.js';
export { phiAccrual } from './phi-accrual.js';
export { quorum } from './quorum.js';
export { swim } from './swim.js';
