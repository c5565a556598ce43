/**
 * Every failure that we can name, in one table. A row gives the sentence, the hint, the exit code of the CLI and the status of the API. Codes are never
 * renamed or reused. Programmer errors are not here: they `assert` and crash.
 */

/** Exit codes of the CLI, design §7. */
export const EXIT = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  steadyStateNotMet: 3,
  stopped: 4,
  dirty: 5,
  usage: 64,
  unavailable: 69,
  internal: 70,
} as const;

export interface Row {
  exit: number;
  status: number;
  message: (details: Details) => string;
  hint?: (details: Details) => string;
}

/** What a row's sentence may mention. Values are shown as they are; lists are joined. */
export type Details = Readonly<Record<string, string | number | readonly string[]>>;

const row = (exit: number, status: number, message: Row['message'], hint?: Row['hint']): Row => ({
  exit,
  status,
  message,
  ...(hint && { hint }),
});

export const TABLE = {
  PLAN_INVALID: row(
    EXIT.usage,
    400,
    (d) => `${d['problems']}`,
    () => 'nothing was started and nothing was injected; `faultlab validate FILE` checks a file without running it',
  ),
  FILE_UNREADABLE: row(EXIT.usage, 400, (d) => `${d['file']}: cannot be read: ${d['reason']}`),
  INPUT_UNKNOWN: row(
    EXIT.usage,
    400,
    (d) => `--var ${d['name']}: no input of that name; the plan declares: ${d['known']}`,
    () => 'inputs are declared under `inputs:` in the experiment',
  ),
  VARIANT_UNKNOWN: row(
    EXIT.usage,
    400,
    (d) => `--variant ${d['name']}: the plan has no variant of that name${d['instead']}`,
    () => 'variants are declared under `variants:` in the experiment',
  ),
  EXEC_NOT_ALLOWED: row(
    EXIT.usage,
    403,
    (d) => `${d['file']}: ${d['kind'] ?? 'probe'} ${d['probe']} runs a program, ${d['what']}: nothing was started`,
    () => 'read what it runs, and add --allow-exec if you agree',
  ),
  USAGE: row(EXIT.usage, 400, (d) => `${d['problem']}`),
  ENVIRONMENT_MISMATCH: row(
    EXIT.usage,
    409,
    (d) => `the plan is for environment "${d['planned']}", but the daemon serves "${d['actual']}": nothing was injected`,
    () => 'correct `environment:` in the plan, or start the daemon with `faultlab serve --environment NAME`',
  ),
  LISTEN_FAILED: row(
    EXIT.unavailable,
    409,
    (d) => `cannot listen on ${d['address']}: ${d['reason']}`,
    () => 'choose another port, or port 0 for any free one',
  ),
  DAEMON_UNREACHABLE: row(
    EXIT.unavailable,
    502,
    (d) => `the daemon at ${d['url']} does not answer: ${d['reason']}`,
    () => 'start one with `faultlab serve`, or leave out --connect and the run starts its own',
  ),
  SERVICE_NOT_READY: row(
    EXIT.unavailable,
    502,
    (d) => `service instance ${d['instance']} did not become ready: ${d['reason']}`,
    (d) => (d['log'] ? `its last words:\n${d['log']}` : 'its output is in the run folder, under services/'),
  ),
  SERVICE_ENDED: row(
    EXIT.unavailable,
    502,
    (d) => `service instance ${d['instance']} ended by itself while the run went on: ${d['how']}`,
    () => 'its output is in the run folder, under services/; `restart:` at the service starts it again',
  ),
  PROGRAM_NOT_FOUND: row(
    EXIT.unavailable,
    502,
    (d) => `service instance ${d['instance']} cannot start: ${d['program']}: ${d['reason']}`,
    () => 'check the first word of `argv:`',
  ),
  TARGET_UNKNOWN: row(
    EXIT.unavailable,
    409,
    (d) => `step ${d['step']} has no target: ${d['reason']}`,
    () => 'look at `topology.roles` in the plan: what is asked for, and what the instances answer',
  ),
  TOXIPROXY_FAILED: row(
    EXIT.unavailable,
    502,
    (d) => `the Toxiproxy server at ${d['url']}: ${d['reason']}`,
    () => 'start toxiproxy-server, or correct `topology.proxies.url` in the plan',
  ),
  UNKNOWN_FAULT_TYPE: row(
    EXIT.usage,
    400,
    (d) => `unknown fault type "${d['type']}"; known: ${d['known']}`,
    () => '`faultlab catalog faults` lists them with an example each',
  ),
  FAULT_INVALID: row(EXIT.usage, 400, (d) => `fault ${d['fault']}: ${d['problems']}`),
  FAULT_EXISTS: row(EXIT.usage, 409, (d) => `a fault named "${d['fault']}" is already active`),
  FAULT_UNKNOWN: row(
    EXIT.usage,
    404,
    (d) => `no fault named "${d['fault']}" is on`,
    (d) => (d['known'] ? `on are: ${d['known']}` : '`faultlab fault list` shows those that are on'),
  ),
  FAULT_HOLDS_NOTHING: row(
    EXIT.usage,
    409,
    (d) => `fault "${d['fault']}" (${d['type']}) holds nothing now: there is nothing to release`,
    () => '`faultlab fault list --json` tells how many messages a fault holds; `hold` and `reorder` hold them until they are released',
  ),
  FAULT_PROTOCOL: row(
    EXIT.usage,
    400,
    (d) => `fault type "${d['type']}" needs a proxy that carries ${d['needs']}, but "${d['proxy']}" carries ${d['protocol']}`,
    () => 'set `protocol` on the link to what its callers speak, or choose another fault',
  ),
  FAULT_NEEDS_TLS: row(
    EXIT.usage,
    400,
    (d) => `fault type "${d['type']}" needs a proxy that terminates TLS, but "${d['proxy']}" does not`,
    () => 'set `tls: terminate` on the link, or choose a tcp fault: `stall` and `reset` act on whatever passes',
  ),
  TLS_INVALID: row(EXIT.usage, 400, (d) => `proxy "${d['proxy']}": ${d['key']}: ${d['reason']}`),
  CA_UNUSABLE: row(
    EXIT.unavailable,
    500,
    (d) => `the lab CA in ${d['file']} cannot be used: ${d['reason']}`,
    () => 'remove the file, and the next daemon makes a new CA that callers have to trust; or name another folder with --state',
  ),
  PROXY_UNKNOWN: row(
    EXIT.usage,
    404,
    (d) => `no proxy named "${d['proxy']}"`,
    () => '`faultlab proxy list` shows those that there are',
  ),
  PROXY_EXISTS: row(EXIT.usage, 409, (d) => `a proxy named "${d['proxy']}" exists already`),
  CONNECTION_UNKNOWN: row(EXIT.usage, 404, (d) => `proxy "${d['proxy']}" has no open connection ${d['connection']}`),
  PROXY_PROTECTED: row(EXIT.usage, 403, (d) => `proxy "${d['proxy']}" is protected: it cannot be faulted`),
  EPOCH_STALE: row(
    EXIT.unavailable,
    409,
    (d) => `epoch ${d['epoch']} is older than ${d['newest']}, the newest this daemon has seen: refused`,
    () => 'another run has taken over this daemon; start a new run instead of waking an old one',
  ),
  CLAIM_LOST: row(
    EXIT.unavailable,
    409,
    (d) => `run ${d['run']} has not renewed its leases in time: refused`,
    () => 'the orchestrator was paused or starved; start a new run instead of waking an old one',
  ),
  HALTED: row(
    EXIT.stopped,
    423,
    (d) => `halted since ${d['since']} (${d['reason']}): no fault is accepted`,
    () => 'lift it with `faultlab halt --lift`',
  ),
  NOT_BEGUN: row(
    EXIT.stopped,
    409,
    (d) => `${d['title']} was not let begin: nothing was started`,
    () => '`--yes` begins without asking',
  ),
  STEP_FAILED: row(
    EXIT.stopped,
    409,
    (d) => `step ${d['step']}: ${d['reason']}`,
    () => 'every fault was healed; what the step found is in the journal',
  ),
  DEADLINE_PASSED: row(
    EXIT.stopped,
    409,
    (d) => `${d['step']} should have ended ${d['deadline']} after its start`,
    () => 'what it waits for is in the journal; give it a longer `deadline:` if that was to be expected',
  ),
  BOUND_REACHED: row(EXIT.unavailable, 429, (d) => `${d['what']}: the bound of ${d['max']} is reached`),
  HOST_REFUSED: row(EXIT.usage, 403, (d) => `refused: ${d['reason']}`),
  TOKEN_NEEDED: row(
    EXIT.usage,
    401,
    () => 'this address needs a token',
    () => 'send `Authorization: Bearer …` with the token given to `serve --token-file`',
  ),
  REQUEST_INVALID: row(EXIT.usage, 400, (d) => `${d['problems']}`),
  RUN_ACTIVE: row(
    EXIT.unavailable,
    409,
    (d) => `run ${d['run']} is using this daemon`,
    () => 'wait for it to end, stop it with `faultlab halt`, or run without --connect to start a daemon of your own',
  ),
  NO_RUN: row(
    EXIT.usage,
    409,
    (d) => `no run ${d['where'] ?? 'uses this daemon'}: there is nothing to speak into`,
    () => '`faultlab run FILE` starts one; `--connect URL` names the daemon of one that goes on',
  ),
  GATE_UNKNOWN: row(
    EXIT.usage,
    404,
    (d) => `no gate "${d['gate']}" waits; waiting: ${d['known']}`,
    () => 'a gate waits from when its step starts until it is answered or its time is up',
  ),
  GATE_NOT_YOURS: row(EXIT.usage, 403, (d) => `gate "${d['gate']}" waits for ${d['asked']}, not for ${d['by']}`),
  RUN_UNKNOWN: row(
    EXIT.usage,
    404,
    (d) => `no run ${d['run']} under ${d['folder']}${d['several'] === undefined ? '' : `: that begins several, ${d['several']}`}`,
    (d) => `\`faultlab history --out ${d['folder']}\` lists the runs`,
  ),
  IMPORT_INVALID: row(
    EXIT.usage,
    400,
    (d) => `${d['file']}: cannot be read: ${d['problems']}`,
    () => '`faultlab import --help` lists what can be; `import --from NAME` says what a file is when it cannot be told by its looks',
  ),
  FILE_EXISTS: row(
    EXIT.usage,
    409,
    (d) => `${d['file']}: there is a file of that name already: nothing was written`,
    () => 'name another file, or remove this one',
  ),
  RUN_UNREPEATABLE: row(
    EXIT.usage,
    409,
    (d) => `run ${d['run']} cannot be replayed: ${d['reason']}`,
    () => '`faultlab report RUN --format text` ends with the command line that it was started by',
  ),
  STORE_UNAVAILABLE: row(
    EXIT.unavailable,
    503,
    (d) => `the run store ${d['store']} cannot be used: ${d['reason']}`,
    () => '`--store journals` reads the journals instead; a store is filled again from them, so it may be deleted',
  ),
  JOURNAL_UNREADABLE: row(EXIT.internal, 500, (d) => `${d['file']}: ${d['reason']}`),
  JOURNAL_FAILED: row(EXIT.internal, 500, (d) => `the journal ${d['file']} cannot be written: ${d['reason']}`),
  REPORT_FAILED: row(
    EXIT.internal,
    500,
    (d) => `the report ${d['file']} cannot be written: ${d['reason']}`,
    (d) => `the journal is whole: \`faultlab report ${d['run']}\` writes it again`,
  ),
  HEALING_UNCONFIRMED: row(
    EXIT.dirty,
    500,
    (d) => `healing could not be confirmed: ${d['reason']}`,
    () => 'faults end by themselves when their lease runs out; check with `faultlab fault list`',
  ),
  LEASE_LOST: row(
    EXIT.internal,
    500,
    (d) => `the lease of ${d['fault']} ran out although the run was alive: nobody renewed it in time`,
    () => 'the orchestrator was paused or starved; give the fault a longer `lease:`',
  ),
  PROCESS_TAKEN: row(
    EXIT.usage,
    409,
    (d) => `the process of ${d['instance']} has a fault on it already: ${d['fault']}`,
    () => 'two would undo each other; let one begin after the other, with `startAfter`',
  ),
  FAKETIME_MISSING: row(
    EXIT.unavailable,
    502,
    (d) => `the plan sets clocks, and libfaketime was not found (looked in ${d['looked']}): nothing was injected`,
    () => 'install it: `apt install libfaketime` or `dnf install libfaketime`; FAULTLAB_FAKETIME names libfaketimeMT.so.1 where it is elsewhere',
  ),
  CLOCK_UNREACHABLE: row(
    EXIT.unavailable,
    409,
    (d) => `the clock of ${d['instance']} (pid ${d['pid']}) cannot be set: its program has not loaded libfaketime`,
    () => 'programs that are linked statically (those of Go among them) or run with the rights of somebody else load no libraries of ours',
  ),
  PROCESS_UNMOVED: row(
    EXIT.internal,
    500,
    (d) =>
      `the process of ${d['instance']} (pid ${d['pid']}) is ${d['found']} and not ${d['wanted']}, ${d['afterMs']} ms after it was told`,
    () => 'somebody else signals it, or it waits for a disk; look at it with `ps -o pid,stat,wchan`',
  ),
  WORKLOAD_FAILED: row(EXIT.internal, 500, (d) => `the load generator stopped: ${d['reason']}`),
} as const satisfies Record<string, Row>;
