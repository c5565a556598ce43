/** Why a run ends before its plan does: the reason of the signal that stops it. */
import type { RunStatus } from '../journal/events.js';

export class StopRequest extends Error {
  readonly status: RunStatus;

  constructor(status: RunStatus, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}
