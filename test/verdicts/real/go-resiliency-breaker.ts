/** The breaker of Go's go-resiliency. It has no events: what it says is that it refused, or ran a call after it had refused. */
import { type BreakerState, realBreaker } from './breaker-cycles.js';
import { missingGo, startGo } from './go-library.js';

export const goResiliencyBreaker = realBreaker({
  name: 'Go go-resiliency breaker (real)',
  summary: '3 errors; open for 250 ms; closed by one success',
  missing: () => missingGo('gopkg.in/eapache/go-resiliency.v1', 'golang-gopkg-eapache-go-resiliency.v1-dev'),
  triesAll: true,
  start: async ({ port, on }) => {
    const program = await startGo('go-resiliency.go', {
      args: [`${port}`],
      onSaid: ({ says, atMs }) => on(says as BreakerState, atMs),
    });
    return { fire: program.ask, close: () => program[Symbol.asyncDispose]() };
  },
});
