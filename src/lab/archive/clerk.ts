/**
 * The clerk: brings documents to the shelves and fetches them. `GET /documents/KEY` is the text as it is believed; `POST /deposits/KEY` brings one and then
 * fetches it again, as whoever reads what he wrote: 500 if it was taken in and is not there. `--digest off`: what comes is not looked at; `--quorum off`: one
 * shelf is asked, by the name of the document. Started with PORT and SHELVES (addresses).
 */
import { hash32 } from '../../core/random.js';
import { createJsonCaller, type JsonCaller } from '../call-json.js';
import { type Address, readAddresses, readPort } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { readSwitches } from '../switches.js';
import { type Document, readDocument, sealed } from './document.js';
import { believed, quorumOf } from './quorum.js';

const SHELF_MS_MAX = 2_000;

interface Clerk {
  readonly shelves: readonly Address[];
  readonly caller: JsonCaller;
  readonly digest: boolean;
  readonly quorum: boolean;
}

await runProgram({ name: 'clerk', start });

function start({ args, env, clock }: ProgramInput): Promise<RunningProgram> {
  const caller = createJsonCaller(clock, { reuse: true });
  const clerk = { shelves: readAddresses(env, 'SHELVES'), caller, ...readSwitches(args, ['digest', 'quorum']) };
  const server = createJsonServer((asked) => serve(clerk, asked));
  return listen(server, readPort(env, 'PORT'), [caller]);
}

async function serve(clerk: Clerk, { request, response, path }: Asked): Promise<void> {
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  const [, what, key = ''] = path.split('/');
  if (key === '') return answerJson(response, 404, { error: `no route ${path}` });
  if (what === 'documents') {
    const document = await fetchDocument(clerk, key);
    return answerJson(response, document === undefined ? 502 : 200, document ?? { error: `nobody has an intact ${key}` });
  }
  if (what !== 'deposits') return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  if (!(await bring(clerk, sealed(key, `deposited as ${key}`)))) return answerJson(response, 503, { error: 'too few shelves took it' });
  const document = await fetchDocument(clerk, key);
  answerJson(response, document === undefined ? 500 : 201, document ?? { error: `${key} was taken in and is not there` });
}

async function bring(clerk: Clerk, document: Document): Promise<boolean> {
  const path = `/documents/${document.key}`;
  const shelves = shelvesFor(clerk, document.key);
  const answers = await Promise.all(
    shelves.map((shelf) => clerk.caller.call(shelf, { method: 'PUT', path, body: document, answerMsMax: SHELF_MS_MAX })),
  );
  return answers.filter(({ status }) => status === 201).length >= neededOf(clerk);
}

async function fetchDocument(clerk: Clerk, key: string): Promise<Document | undefined> {
  const path = `/documents/${key}`;
  const shelves = shelvesFor(clerk, key);
  const answers = await Promise.all(shelves.map((shelf) => clerk.caller.call(shelf, { method: 'GET', path, answerMsMax: SHELF_MS_MAX })));
  const documents = answers.flatMap(({ status, body }) => (status === 200 ? (readDocument(key, body) ?? []) : []));
  return believed(documents, { liars: clerk.quorum ? liarsOf(clerk) : 0, hasDigest: clerk.digest });
}

/** All where a quorum is wanted; else the one where documents of that name are kept. */
function shelvesFor({ shelves, quorum }: Clerk, key: string): readonly Address[] {
  return quorum ? shelves : shelves.slice(hash32(0, key) % shelves.length).slice(0, 1);
}

function neededOf(clerk: Clerk): number {
  return clerk.quorum ? quorumOf(clerk.shelves.length, liarsOf(clerk)) : 1;
}

/** As many as can be borne: less than a third. */
function liarsOf({ shelves }: Clerk): number {
  return Math.floor((shelves.length - 1) / 3);
}
