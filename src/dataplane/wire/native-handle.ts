/**
 * Node's own handles of sockets, below `net.Socket`. This is the only file that knows what Node is made of: the classes come from `process.binding`,
 * which is documented as deprecated, and the handles of public objects from their `_handle`. Where that has changed, these functions throw,
 * `wireMode` finds out at the start, and wires are made of sockets. What a reader gets wrong: arguments of a wrong type end the process.
 */
import { strict as assert } from 'node:assert';
import net from 'node:net';
import { getSystemErrorName } from 'node:util';

/** A call under way. Belongs to Node until it is complete. */
export interface NativeRequest {
  oncomplete: (status: number) => void;
}

/** One socket. Calls return 0, or a negative errno. */
export interface NativeHandle {
  /** Called after each read with the handle as `this`; what it returns is read into next. */
  onread: (this: NativeHandle) => Buffer | undefined;
  /** Whom `onread` calls. */
  owner?: NativeOwner;
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  readStop(): number;
  writeBuffer(request: NativeRequest, bytes: Buffer): number;
  /** Refused (ENOTCONN) before the connection is there. Only once everything has been written. */
  shutdown(request: NativeRequest): number;
  close(done: () => void): void;
  /** Closes with a RST. Must not be called while a shutdown is under way. Unix-domain sockets have none. */
  reset?(done: () => void): number;
  setNoDelay?(isOn: boolean): number;
  getpeername?(into: { address?: string }): number;
}

export interface NativeOwner {
  /** More than 0: so many bytes are in the buffer. Less: an errno, or `endOfFile`. */
  received(byteCount: number): Buffer | undefined;
}

/** What public objects are made of, as far as it is needed here. */
interface Made {
  _handle: NativeHandle | null;
}

/** Takes the handle of a connected socket, which is of no use afterwards. */
export function takeHandle(socket: net.Socket): NativeHandle {
  const made = socket as unknown as Made;
  const handle = made._handle;
  assert(handle !== null, 'a socket that is connected has a handle');
  made._handle = null;
  socket.destroy();
  return handle;
}

/** From now on, connections of a server that listens are handed over as handles, and it knows nothing of them. */
export function takeConnections(server: net.Server, accept: (handle: NativeHandle) => void): void {
  const { _handle: listening } = server as unknown as { _handle: { onconnection(status: number, handle: NativeHandle): void } };
  listening.onconnection = (status, handle) => {
    // One that could not be accepted (EMFILE …) is lost to its client.
    if (status === 0) accept(handle);
  };
}

/** What Node would have made of it, paused. */
export function socketOf(handle: NativeHandle): net.Socket {
  return new net.Socket({ handle, allowHalfOpen: true, pauseOnCreate: true } as net.SocketConstructorOpts);
}

/** As Node makes them: `code` says what it was, like ECONNRESET. */
export function systemError(status: number, syscall: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(status);
  return Object.assign(new Error(`${syscall} ${code}`), { code, errno: status, syscall });
}

interface TcpHandle extends NativeHandle {
  connect(request: NativeRequest, host: string, port: number): number;
  connect6(request: NativeRequest, host: string, port: number): number;
}

interface TcpBinding {
  TCP: new (kind: number) => TcpHandle;
  TCPConnectWrap: new () => NativeRequest;
  constants: { SOCKET: number };
}

interface StreamBinding {
  WriteWrap: new () => NativeRequest;
  ShutdownWrap: new () => NativeRequest;
  streamBaseState: Int32Array;
  kReadBytesOrError: number;
  kLastWriteWasAsync: number;
}

export interface NativeStreams {
  /** What a read leaves when the peer has half-closed. */
  endOfFile: number;
  /** To be set on a handle that has an owner. */
  onread(this: NativeHandle): Buffer | undefined;
  /**
   * 0: everything has left. Less: an errno. A request: some of it waits, and the bytes belong to Node until the request is complete; its
   * `oncomplete` is to be set at once.
   */
  write(handle: NativeHandle, bytes: Buffer): NativeRequest | number;
  /** Half-closes; `done` gets the outcome in a later turn. Only once everything has been written. */
  shutdown(handle: NativeHandle, done: (status: number) => void): void;
  /** Begins to dial a numeric address; `done` gets 0 or an errno in a later turn. */
  dial(to: { host: string; port: number }, done: (status: number) => void): NativeHandle;
}

let loaded: NativeStreams | undefined;

/** Throws if Node does not have them, or not any more. */
export function nativeStreams(): NativeStreams {
  loaded ??= load();
  return loaded;
}

function load(): NativeStreams {
  const { binding } = process as unknown as { binding(name: string): unknown };
  const { TCP, TCPConnectWrap, constants } = binding('tcp_wrap') as TcpBinding;
  const { WriteWrap, ShutdownWrap, streamBaseState, kReadBytesOrError, kLastWriteWasAsync } = binding('stream_wrap') as StreamBinding;
  const { UV_EOF } = binding('uv') as { UV_EOF: number };
  /** Most writes are over at once, and then the request has not been touched. */
  let spare = new WriteWrap();
  return {
    endOfFile: UV_EOF,
    onread() {
      return this.owner?.received(streamBaseState[kReadBytesOrError] ?? 0);
    },
    write(handle, bytes) {
      const status = handle.writeBuffer(spare, bytes);
      if (status !== 0 || streamBaseState[kLastWriteWasAsync] === 0) return status;
      const request = spare;
      spare = new WriteWrap();
      return request;
    },
    shutdown(handle, done) {
      const request = new ShutdownWrap();
      request.oncomplete = done;
      const status = handle.shutdown(request);
      if (status !== 0) queueMicrotask(() => done(status));
    },
    dial({ host, port }, done) {
      const handle = new TCP(constants.SOCKET);
      handle.setNoDelay?.(true);
      const request = new TCPConnectWrap();
      request.oncomplete = done;
      const status = host.includes(':') ? handle.connect6(request, host, port) : handle.connect(request, host, port);
      if (status !== 0) queueMicrotask(() => done(status));
      return handle;
    },
  };
}
