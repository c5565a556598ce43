/** No proxy at all: what the machine and the load generator can do, and what every other row is compared with. */
export const direct = {
  name: 'direct',
  role: 'base',
  summary: 'no proxy: the client talks to the upstream',
  missing: () => undefined,
  version: async () => undefined,
  start: async ({ upstreams }) => ({ routes: upstreams, pids: [], end: async () => {} }),
};
