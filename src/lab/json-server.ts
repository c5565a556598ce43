/** A server of the samples: hands each request on with its path, and answers with a 500 whatever goes wrong in it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { reasonOf } from '../core/errors.js';
import { answerJson } from './json-answer.js';

/** A request, where to answer it, and its path without what follows a question mark. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

export function createJsonServer(serve: (asked: Asked) => Promise<void>): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    serve({ request, response, path }).catch((error: unknown) => answerJson(response, 500, { error: reasonOf(error) }));
  });
}
