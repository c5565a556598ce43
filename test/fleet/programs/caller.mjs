/**
 * A caller of many addresses, in turn and by the clock, whatever becomes of the answers. Started with how many requests a second, and the addresses; says of each answer
 * when it came (milliseconds of the machine's monotonic clock), of which address, and its status: 0 where there was none in time.
 */
import { Agent, get } from 'node:http';

const ANSWER_WITHIN_MS = 1_000;

const [rate, ...addresses] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
let sent = 0;

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

function call(number) {
  const address = addresses[number % addresses.length];
  const say = (status) => process.stdout.write(`${nowMs().toFixed(1)} ${address} ${status}\n`);
  const request = get(
    `http://${address}/${number}`,
    { agent, timeout: ANSWER_WITHIN_MS, headers: { 'x-request-id': `request-${number}` } },
    (answer) => {
      answer.resume();
      answer.once('close', () => say(answer.complete ? answer.statusCode : 0));
    },
  );
  request.once('timeout', () => request.destroy());
  request.once('error', () => {
    if (request.res === undefined || request.res === null) say(0);
  });
}

const startMs = nowMs();
setInterval(() => {
  const due = Math.floor(((nowMs() - startMs) / 1_000) * Number(rate));
  // After a pause the requests that were due meanwhile are not made up for.
  if (due - sent > addresses.length) sent = due - addresses.length;
  while (sent < due) call(sent++);
}, 10);

// Ends with whoever started it.
process.stdin.resume().once('end', () => process.exit(0));
