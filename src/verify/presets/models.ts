/**
 * What a product's defences do, in one vocabulary for all of them: how a breaker trips, waits, tries and closes; how an instance is ejected
 * and readmitted; how a request is tried again. It is what checks compare with the wire, what simulators act out, and what a preflight
 * reckons with. All shares are from 0 to 1.
 */
import type { PauseLaw } from './pause.js';

/** Whether a share equal to the threshold already counts. */
export type Comparison = 'above' | 'atLeast';

export type CallWindow =
  | { kind: 'count'; calls: number }
  /** Counted in so many buckets: it covers between (buckets−1)/buckets and all of its length. */
  | { kind: 'time'; lengthMs: number; buckets: number };

export type BreakerTrip =
  /** So many failures in a row. */
  | { kind: 'consecutive'; failures: number }
  | {
      kind: 'ratio';
      window: CallWindow;
      callsMin: number;
      threshold: number;
      comparison: Comparison;
      /** `issued` counts what is in flight and what was turned away as well. */
      denominator: 'completed' | 'issued';
      /** Calls slower than this are bad as well, from their own threshold on. */
      slow?: { fromMs: number; threshold: number };
    }
  /** Not a timed breaker: whatever exceeds so many at a time is refused, and nothing is remembered. */
  | { kind: 'limit'; resource: 'connections' | 'pending' | 'inFlight' | 'retries'; max: number };

export type HalfOpen =
  | {
      kind: 'trials';
      /** Calls let through at a time. */
      permits: number;
      /** What becomes of the others. */
      excess: 'rejected' | 'queued' | 'elsewhere';
      /** So many results decide; a larger share of failures than `failuresMax` reopens it. */
      results: number;
      failuresMax: number;
    }
  /** Nobody is tried: the admitted share grows from 0 to `shareMax` and then jumps to 1. */
  | { kind: 'ramp'; lengthMs: number; shareMax: number };

export interface BreakerModel {
  /** Any of them. */
  trips: readonly BreakerTrip[];
  /** When it is looked whether it has to open. */
  evaluated: { kind: 'onFailure' } | { kind: 'onCompletion'; everyMs: number } | { kind: 'periodically'; everyMs: number };
  /** How long it stays open, the k-th time in a row. Undefined for mere limits. */
  open?: PauseLaw;
  /** Lazy ones leave it when somebody calls, which without traffic looks just like half-open. */
  leavesOpen: 'byTimer' | 'onNextCall';
  halfOpen?: HalfOpen;
  /** Results of calls that began in another state. */
  staleResults: 'ignored' | 'counted' | 'failuresCounted';
  /** `kept`: one failure right after it has closed can open it again. */
  windowOnClose: 'reset' | 'kept';
  /** Whether a call that timed out is cut on the wire, or goes on unseen. */
  cancelsOnTimeout: boolean;
  /** Of the call, as the breaker sees it; a timeout counts as a failure. */
  timeoutMs?: number;
}

export type EjectionTrigger =
  /** So many failures in a row; with `withinMs`, no older than that. `only`: others clear the count, as a success does. */
  | { kind: 'consecutive'; failures: number; withinMs?: number; only?: 'gatewayFailures' }
  /** So many failures of which each came within the time after the one before, whatever succeeded in between. */
  | { kind: 'gaps'; failures: number; withinMs: number }
  /** So many failures not yet forgotten; each is forgotten after the time, and successes forgive nothing. */
  | { kind: 'leaky'; failures: number; forgottenAfterMs: number }
  /** A success rate below mean − factor · deviation of all instances, over the sweep's interval that has just ended. */
  | { kind: 'peers'; deviations: number; instancesMin: number; requestsMin: number; everyMs: number }
  /** A share of failures, over the sweep's interval as well. */
  | { kind: 'ratio'; threshold: number; comparison: Comparison; instancesMin: number; requestsMin: number; everyMs: number }
  /** A success rate that fades with time. */
  | { kind: 'fading'; successRateMin: number; windowMs: number; requestsMin: number };

export interface EjectionModel {
  /** Any of them; those that the settings do not enforce are left out. */
  triggers: readonly EjectionTrigger[];
  /** How long an instance stays out, the k-th time in a row. `whileProbesFail`: until so many active checks have passed. */
  penalty: { kind: 'pauses'; law: PauseLaw } | { kind: 'whileProbesFail'; everyMs: number; passes: number };
  /** Readmission waits for the next tick of this sweep; 0 where it does not. */
  tickMs: number;
  /** Largest share of instances that may be out. `atLeastOne`: the first may always go. */
  cap?: { share: number; rounding: 'floor' | 'ceil'; atLeastOne: boolean };
  readmission:
    | { kind: 'fullShare' }
    /** So many requests, and the instance is out again if they fail. */
    | { kind: 'trials'; requests: number }
    | { kind: 'ramp'; lengthMs: number };
  /** When every instance is bad. */
  whenAllAreBad: 'keepsTraffic' | 'refuses';
}

export interface RetryModel {
  /** The first included; Infinity where only the budget bounds them. */
  attemptsMax: number;
  pause?: PauseLaw;
  honoursRetryAfter: boolean;
  /** Methods that it repeats after they were delivered. */
  methods: 'idempotent' | 'all';
  budget?:
    | { kind: 'share'; ofCalls: number; perSecondAtLeast: number }
    | { kind: 'concurrent'; max: number }
    /** Each failure costs one token, each success returns a part; only above half of the tokens is anything repeated. */
    | { kind: 'tokens'; max: number; returned: number };
}

export interface TimeoutModel {
  /** For a request with all its attempts and waits. */
  totalMs?: number;
  perAttemptMs?: number;
  /** Without a byte of the answer. */
  idleMs?: number;
  /** Whether what is given up is ended on the wire; undefined where nothing is said of it. */
  cancels?: boolean;
}

/** What a product does of all this; left out where it does nothing of the kind. */
export interface Models {
  breaker?: BreakerModel;
  ejection?: EjectionModel;
  retry?: RetryModel;
  timeout?: TimeoutModel;
}
