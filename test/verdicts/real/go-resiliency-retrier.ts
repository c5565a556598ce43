/** The retrier of Go's go-resiliency: 40 ms, 80 ms, 160 ms, without jitter. It is told of every attempt by the function that it runs. */
import { missingGo, startGo } from './go-library.js';
import { realRetries } from './retry-cycles.js';

export const goResiliencyRetrier = realRetries({
  name: 'Go go-resiliency retrier (real)',
  summary: '3 retries after 40 ms, 80 ms, 160 ms',
  missing: () => missingGo('gopkg.in/eapache/go-resiliency.v1', 'golang-gopkg-eapache-go-resiliency.v1-dev'),
  fault: { type: 'abort', value: { status: 503 }, percentage: 70 },
  law: 'exponential',
  firstWaitMs: 40,
  connect: (port, { retriesMax, log }) => startGo('go-resiliency.go', { args: [`${port}`, `${retriesMax}`], onSaid: ({ of }) => log(of) }),
});
