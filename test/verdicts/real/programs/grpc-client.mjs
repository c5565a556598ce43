/**
 * What stands before links for the defences of @grpc/grpc-js: every request becomes a call on a channel with the service config that it is given.
 * What it says is its trace: whom outlier detection takes out and lets in, and every attempt of a call that it may try again.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';

const METHOD = '/test.Echo/Unary';
const [port, targets, serviceConfig, tracer] = process.argv.slice(2);
// Read when the library is loaded.
process.env.GRPC_TRACE = tracer;
const { default: grpc } = await import('@grpc/grpc-js');

const asked = new AsyncLocalStorage();

function say(says, of) {
  const [seconds, nanoseconds] = process.hrtime();
  process.stdout.write(`${JSON.stringify({ says, of, atMs: seconds * 1e3 + nanoseconds / 1e6 })}\n`);
}

function onTrace(line) {
  const [, verb, address] = /\| (Ejecting candidate|Unejecting) (\S+)/.exec(line) ?? [];
  if (verb !== undefined) say(verb === 'Unejecting' ? 'in' : 'out', address);
  if (/Created child call \[\d+\] for attempt/.test(line)) say('attempt', asked.getStore());
}

/**
 * Its own resolver gives addresses that its trace can print: of those of `ipv4:` it says only that they are objects. It answers once: it is asked
 * again for whatever is taken out, and an answer would bring that question again.
 */
class LabResolver {
  constructor({ path }, listener) {
    const addressOf = (text) => ({ host: text.split(':')[0], port: Number(text.split(':')[1]) });
    const endpoints = path.split(',').map((text) => ({ addresses: [addressOf(text)], toString: () => text }));
    let isTold = false;
    this.updateResolution = () => {
      if (!isTold) process.nextTick(() => listener({ ok: true, value: endpoints }, {}, null, ''));
      isTold = true;
    };
  }

  destroy() {}

  static getDefaultAuthority() {
    return 'lab';
  }
}

grpc.experimental.registerResolver('lab', LabResolver);
grpc.setLogger({ error: onTrace, info: onTrace, debug: onTrace });
grpc.setLogVerbosity(grpc.logVerbosity.DEBUG);
const client = new grpc.Client(`lab:${targets}`, grpc.credentials.createInsecure(), {
  'grpc.service_config': serviceConfig,
  'grpc.service_config_disable_resolution': 1,
});

function call(token) {
  const fields = new grpc.Metadata();
  fields.set('x-request-id', token);
  const options = { deadline: Date.now() + 5_000 };
  return new Promise((resolve) => {
    client.makeUnaryRequest(METHOD, Buffer.from, String, 'pay', fields, options, (error) => resolve(error === null));
  });
}

http
  .createServer((request, response) => {
    const token = String(request.headers['x-request-id']);
    void asked.run(token, () => call(token)).then((isGood) => response.writeHead(isGood ? 200 : 503).end());
  })
  .listen(Number(port), '127.0.0.1');
