/**
 * Who ended a handshake, and how an error says that it was one. OpenSSL tells whether it found something wrong itself or was told so by an alert of
 * the other side; Node adds its own codes for certificates that it does not like.
 */
import type { FailedHandshake } from '../../journal/observations.js';

type HandshakeError = NodeJS.ErrnoException & { handshake: FailedHandshake };

/** The other side has said what it does not like. */
export function isAlert({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.includes('_ALERT_');
}

/** The other side has ended it, with a word or without. */
export function isFromPeer(error: NodeJS.ErrnoException): boolean {
  return isAlert(error) || error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

/** Marks the error with which a dial ends whose handshake with the callee came to nothing. */
export function upstreamHandshakeError(error: NodeJS.ErrnoException): HandshakeError {
  const endedBy = isFromPeer(error) ? 'upstream' : 'proxy';
  return Object.assign(error, { handshake: { with: 'upstream', endedBy, reason: error.code ?? error.message } as const });
}

/** Undefined: the error is about something else. */
export function failedHandshakeOf(error: Error | undefined): FailedHandshake | undefined {
  return error !== undefined && 'handshake' in error ? (error as HandshakeError).handshake : undefined;
}
