/** Python's tenacity: 40 ms, 80 ms, 160 ms, without jitter. It is told of every attempt by its own hook. */
import { missingPython, startPython } from './python-library.js';
import { realRetries } from './retry-cycles.js';

export const pythonTenacity = realRetries({
  name: 'Python tenacity (real)',
  summary: '3 retries after 40 ms, 80 ms, 160 ms',
  missing: () => missingPython('tenacity'),
  fault: { type: 'abort', value: { status: 503 }, percentage: 70 },
  law: 'exponential',
  firstWaitMs: 40,
  connect: (port, { retriesMax, log }) =>
    startPython('tenacity_client.py', { args: [`${port}`, `${retriesMax}`], onSaid: ({ of }) => log(of) }),
});
