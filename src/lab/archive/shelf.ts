/**
 * A shelf: keeps documents as they were brought. `PUT /documents/KEY` is 201, `GET` the document or 404; `charter` lies there from the beginning. It is honest:
 * what it is said to do and does not, or what comes from it changed, is a fault on the wire. Started with PORT and NAME.
 */
import { readBody } from '../body.js';
import { recordOf } from '../call-json.js';
import { readPort, readText } from '../environment.js';
import { forgetOldest } from '../forget-oldest.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { runProgram } from '../program.js';
import { listen } from '../server.js';
import { type Document, readDocument, sealed } from './document.js';

/** The oldest goes first. */
const DOCUMENTS_MAX = 100_000;
const CHARTER = sealed('charter', 'what is kept here is given back as it was brought');

await runProgram({
  name: 'shelf',
  start: ({ env }) => {
    const name = readText(env, 'NAME');
    const documents = new Map<string, Document>();
    return listen(
      createJsonServer((asked) => serve(name, documents, asked)),
      readPort(env, 'PORT'),
    );
  },
});

async function serve(name: string, documents: Map<string, Document>, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { instance: name, documents: documents.size });
  const [, , key = ''] = path.split('/');
  if (!path.startsWith('/documents/') || key === '') return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'PUT') {
    const document = key === CHARTER.key ? CHARTER : documents.get(key);
    return answerJson(response, document === undefined ? 404 : 200, document ?? { error: `no document ${key}` });
  }
  const body = await readBody(request);
  const document = body.kind === 'whole' ? readDocument(key, recordOf(body.bytes.toString())) : undefined;
  if (document === undefined) return answerJson(response, 400, { error: 'expected a document with key, text and digest' });
  documents.set(key, document);
  forgetOldest(documents, DOCUMENTS_MAX);
  answerJson(response, 201, { instance: name });
}
