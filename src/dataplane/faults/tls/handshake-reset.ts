/** A peer that is gone in the middle of the handshake: the caller has connected, has said its first words, and gets a RST for an answer. */
import { z } from 'zod';
import { defineTlsFault } from '../fault.js';

export const handshakeReset = defineTlsFault({
  name: 'handshakeReset',
  summary: 'Cut new connections with a RST when the first bytes of their TLS handshake have come.',
  schema: z.strictObject({}),
  example: {},
  decide: () => ({ kind: 'reset' }),
});
