/** A real gRPC server and clients of it, for tests: a service that says back what it is sent, in all four kinds of calls. Messages are plain texts. */
import grpc from '@grpc/grpc-js';

const text = { serialize: (message: string) => Buffer.from(message), deserialize: (bytes: Buffer) => bytes.toString() };

function method(name: string, { asks, answers }: { asks: boolean; answers: boolean }): grpc.MethodDefinition<string, string> {
  return {
    path: `/test.Echo/${name}`,
    requestStream: asks,
    responseStream: answers,
    requestSerialize: text.serialize,
    requestDeserialize: text.deserialize,
    responseSerialize: text.serialize,
    responseDeserialize: text.deserialize,
  };
}

const SERVICE = {
  /** Says it back; `fail:CODE` ends the call with that status. */
  unary: method('Unary', { asks: false, answers: false }),
  /** Says it three times. */
  answers: method('Answers', { asks: false, answers: true }),
  /** Says back all together. */
  asks: method('Asks', { asks: true, answers: false }),
  /** Says back each. */
  chat: method('Chat', { asks: true, answers: true }),
};

export interface GrpcServed extends AsyncDisposable {
  readonly port: number;
  /** Messages that came, in order. */
  readonly heard: readonly string[];
}

export async function grpcEcho(): Promise<GrpcServed> {
  const heard: string[] = [];
  const server = new grpc.Server();
  server.addService(SERVICE, {
    unary: (call: grpc.ServerUnaryCall<string, string>, done: grpc.sendUnaryData<string>) => {
      heard.push(call.request);
      const [, code] = /^fail:(\d+)$/.exec(call.request) ?? [];
      if (code !== undefined) done({ code: Number(code), details: 'as asked' });
      else done(null, call.request);
    },
    answers: (call: grpc.ServerWritableStream<string, string>) => {
      heard.push(call.request);
      for (let i = 1; i <= 3; i++) call.write(`${call.request} ${i}`);
      call.end();
    },
    asks: (call: grpc.ServerReadableStream<string, string>, done: grpc.sendUnaryData<string>) => {
      const all: string[] = [];
      call.on('data', (message: string) => all.push(message));
      call.on('end', () => {
        heard.push(...all);
        done(null, all.join());
      });
    },
    chat: (call: grpc.ServerDuplexStream<string, string>) => {
      call.on('data', (message: string) => {
        heard.push(message);
        call.write(message);
      });
      call.on('end', () => call.end());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    port,
    heard,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

/** How a call ended for its caller. */
export interface CallEnd {
  code: number;
  details: string;
  messages: readonly string[];
}

export class GrpcCaller implements Disposable {
  readonly #client: grpc.Client;

  /** Without the retries of grpc-js, which would hide what happened. */
  constructor(port: number) {
    this.#client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  }

  unary(
    message: string,
    { deadlineMs = 5_000, metadata = {} }: { deadlineMs?: number; metadata?: Record<string, string> } = {},
  ): Promise<CallEnd> {
    const { path, requestSerialize, responseDeserialize } = SERVICE.unary;
    return new Promise((resolve) => {
      const fields = grpc.Metadata.fromHttp2Headers(metadata);
      const options = { deadline: Date.now() + deadlineMs };
      const messages: string[] = [];
      const call = this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, fields, options, (error, answer) => {
        if (error === null && answer !== undefined) messages.push(answer);
      });
      call.on('status', ({ code, details }) => resolve({ code, details, messages }));
    });
  }

  answers(message: string): Promise<CallEnd> {
    const { path, requestSerialize, responseDeserialize } = SERVICE.answers;
    return heardBy(this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message));
  }

  asks(messages: readonly string[]): Promise<CallEnd> {
    const { path, requestSerialize, responseDeserialize } = SERVICE.asks;
    return new Promise((resolve) => {
      const answers: string[] = [];
      const call = this.#client.makeClientStreamRequest<string, string>(path, requestSerialize, responseDeserialize, (error, answer) => {
        if (error === null && answer !== undefined) answers.push(answer);
      });
      call.on('status', ({ code, details }) => resolve({ code, details, messages: answers }));
      for (const message of messages) call.write(message);
      call.end();
    });
  }

  chat(messages: readonly string[]): Promise<CallEnd> {
    const { path, requestSerialize, responseDeserialize } = SERVICE.chat;
    const call = this.#client.makeBidiStreamRequest<string, string>(path, requestSerialize, responseDeserialize);
    for (const message of messages) call.write(message);
    call.end();
    return heardBy(call);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function heardBy(call: grpc.ClientReadableStream<string> | grpc.ClientDuplexStream<string, string>): Promise<CallEnd> {
  const messages: string[] = [];
  call.on('data', (message: string) => messages.push(message));
  call.on('error', () => {});
  return new Promise((resolve) => {
    call.on('status', ({ code, details }) => resolve({ code, details, messages }));
  });
}
