/** Python's circuitbreaker. It has no events: what it says is its `state`, looked at before and after each call. */
import { type BreakerState, realBreaker } from './breaker-cycles.js';
import { missingPython, startPython } from './python-library.js';

export const pythonCircuitbreaker = realBreaker({
  name: 'Python circuitbreaker (real)',
  summary: '5 failures in a row; open for 250 ms',
  missing: () => missingPython('circuitbreaker.py'),
  triesAll: true,
  start: async ({ port, on }) => {
    const program = await startPython('circuitbreaker_client.py', {
      args: [`${port}`],
      onSaid: ({ says, atMs }) => on(says as BreakerState, atMs),
    });
    return { fire: program.ask, close: () => program[Symbol.asyncDispose]() };
  },
});
