/** What sessions are opened with: the bounds that Node and nghttp2 keep for us, and how much of one side's settings the other is told. */
import type { ServerSessionOptions, Settings } from 'node:http2';
import type { ProxyLimits } from '../proxy.js';

/** Streams that a caller may have open at once; what it opens beyond that is refused with REFUSED_STREAM. */
export const STREAMS_MAX = 1_000;
/** Bytes of one stream that may come before they are taken, whatever window the far side would give. */
const WINDOW_BYTES_MAX = 1024 * 1024;
/** The same for all streams of a session: it must not narrow what the windows of the streams allow. */
export const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** The window of a stream before anybody has said anything (RFC 9113, 6.9.2). */
const WINDOW_BYTES_DEFAULT = 65_535;
/** Fields of one head; beyond it the stream is reset with ENHANCE_YOUR_CALM. */
const FIELDS_MAX = 1_000;
/** Frames that break the protocol, and streams refused, in one session; beyond it the session is ended. */
const INVALID_FRAMES_MAX = 100;
const REJECTED_STREAMS_MAX = 100;
/** Memory of one session in MB; beyond it no further stream is taken. */
const SESSION_MEMORY_MB_MAX = 32;

/** Undefined settings are those of a side that has not been heard yet. */
export function sessionOptions({ headBytesMax }: ProxyLimits, farSettings: Settings | undefined): ServerSessionOptions {
  return {
    settings: { ...carriedSettings(farSettings), maxHeaderListSize: headBytesMax, enablePush: false },
    maxHeaderListPairs: FIELDS_MAX,
    // What was let in must get out again, with what an edit may add.
    maxSendHeaderBlockLength: headBytesMax * 2,
    maxSessionInvalidFrames: INVALID_FRAMES_MAX,
    maxSessionRejectedStreams: REJECTED_STREAMS_MAX,
    maxSessionMemory: SESSION_MEMORY_MB_MAX,
  };
}

/** What one side is told of the other's settings, so that it sends as it would without us; within our bounds. */
export function carriedSettings(far: Settings | undefined): Settings {
  return {
    maxConcurrentStreams: Math.min(far?.maxConcurrentStreams ?? STREAMS_MAX, STREAMS_MAX),
    initialWindowSize: Math.min(far?.initialWindowSize ?? WINDOW_BYTES_DEFAULT, WINDOW_BYTES_MAX),
    ...(far?.enableConnectProtocol === true && { enableConnectProtocol: true }),
  };
}
