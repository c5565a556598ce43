/** undici's RetryAgent: 40 ms, 80 ms, 160 ms, without jitter. An interceptor beneath it sees every attempt. */
import { Agent, type Dispatcher, RetryAgent } from 'undici';
import { realRetries } from './retry-cycles.js';

export const undiciRetry = realRetries({
  name: 'undici 7.30.2 RetryAgent (real)',
  summary: '3 retries after 40 ms, 80 ms, 160 ms',
  fault: { type: 'abort', value: { status: 503 }, percentage: 70 },
  law: 'exponential',
  firstWaitMs: 40,
  connect: (port, { retriesMax, log }) => {
    const agent = new Agent({ connections: 32 });
    const logged = agent.compose((dispatch: Dispatcher['dispatch']) => (options, handler) => {
      log(tokenOf(options.headers));
      return dispatch(options, handler);
    });
    const client = new RetryAgent(logged, { maxRetries: retriesMax, minTimeout: 40, timeoutFactor: 2, maxTimeout: 2_000 });
    return {
      ask: async (token) => {
        const path = `/pay/${token}`;
        const { statusCode, body } = await client.request({
          origin: `http://127.0.0.1:${port}`,
          method: 'GET',
          path,
          headers: { [TOKEN]: token },
        });
        await body.dump();
        return statusCode < 500;
      },
      [Symbol.asyncDispose]: () => agent.destroy(),
    };
  },
});

const TOKEN = 'x-request-id';

function tokenOf(headers: unknown): string {
  const fields = headers as Readonly<Record<string, string>>;
  return fields[TOKEN] ?? '';
}
