/** `npm run fuzz`: compares what the link reads in messages with what Node reads in them. Exit codes: 0 nothing found, 1 found, 64 usage. */
import { MessageReader } from '../../dist/dataplane/http/message-reader.js';
import { parseRequestHead } from '../../dist/dataplane/http/request-head.js';
import { parseResponseHead } from '../../dist/dataplane/http/response-head.js';
import { readLongRun } from '../support/long-run.mjs';
import { compare, finding } from './compare.mjs';
import { requestFraming } from './requests.mjs';
import { responseFraming } from './responses.mjs';

const USAGE = `usage: npm run fuzz -- [--minutes N] [--seed S]

Makes up HTTP/1.x messages, mostly right and sometimes wrong, and compares what the link
reads in them with what Node's own server and client read. Half of the time goes to
requests, half to responses. Nothing that the link accepts may be read in another way.

  --minutes N   how long, together; fractions are fine        (default 1)
  --seed S      a whole number below 2^31: the same messages  (default: any)
  --help        this`;

const { minutes, seed, isHelp } = readLongRun(USAGE, { minutes: '1' });
if (isHelp) {
  console.log(USAGE);
} else {
  const subjects = [requestFraming({ MessageReader, parseRequestHead }), responseFraming({ MessageReader, parseResponseHead })];
  for (const subject of subjects) {
    console.log(`${subject.name} ${process.version}: ${minutes / subjects.length} min, --seed ${seed}`);
    const { details, counts } = await compare(subject, { seconds: (minutes * 60) / subjects.length, seed });
    console.log(
      `  ${Object.entries(counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
    );
    const found = finding(details);
    if (found === undefined) continue;
    console.error(found);
    process.exitCode = 1;
  }
}
