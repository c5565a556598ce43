/** Failures of services and their processes, and of faults on these: a part of the table of all failures. */
import { EXIT, type Row, row } from './error-row.js';

export const PROCESS_ERRORS = {
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
  PROGRAM_MISSING: row(
    EXIT.unavailable,
    502,
    (d) => `the plan requires ${d['programs']}, not found in the folders of PATH: nothing was started`,
    (d) => `install it: \`apt-get install ${d['packages']}\`; where it is in a folder like /usr/sbin, add that to PATH`,
  ),
  SIGNALS_NOT_ALLOWED: row(
    EXIT.usage,
    403,
    (d) =>
      `${d['file']}: step ${d['step']} (${d['type']}) stops processes that the run does not start, those of ${d['whom']}: nothing was started`,
    () => 'make sure that nobody needs them, and add --allow-signals if you agree',
  ),
  PROCESS_OUT_OF_REACH: row(
    EXIT.unavailable,
    403,
    (d) => `the process of ${d['instance']} (pid ${d['pid']}) cannot be stopped: ${d['reason']}; nothing was injected`,
    () => 'name another pid, or start the run as the user whose process it is',
  ),
  PROCESS_TAKEN: row(
    EXIT.usage,
    409,
    (d) => `the process of ${d['instance']} is taken already, by ${d['by']}`,
    () => 'two would undo each other; let one begin after the other, with `startAfter`',
  ),
  BY_HAND_REFUSED: row(
    EXIT.usage,
    409,
    (d) => `refused by the run: ${d['reason']}`,
    () => 'by hand go faults on links that are not protected, and on processes that the run has started, away from such links',
  ),
  FAKETIME_MISSING: row(
    EXIT.unavailable,
    502,
    (d) => `the plan sets clocks, and libfaketime was not found (looked in ${d['looked']}): nothing was injected`,
    () =>
      'install it: `apt install libfaketime` or `dnf install libfaketime`; FAULTLAB_FAKETIME names libfaketimeMT.so.1 where it is elsewhere',
  ),
  CLOCK_UNREACHABLE: row(
    EXIT.unavailable,
    409,
    (d) => `the clock of ${d['instance']} (pid ${d['pid']}) cannot be set: its program has not loaded libfaketime`,
    () => 'programs that are linked statically (those of Go among them) or run with the rights of somebody else load no libraries of ours',
  ),
  LIMITS_UNAVAILABLE: row(
    EXIT.unavailable,
    502,
    (d) => `what ${d['instance']} writes to files cannot be limited: ${d['reason']}; nothing was injected`,
    () => 'install util-linux, whose `prlimit` sets limits of processes that run',
  ),
  QUOTA_UNAVAILABLE: row(
    EXIT.unavailable,
    502,
    (d) => `no quota of a processor can be set for ${d['instance']} (pid ${d['pid']}): ${d['reason']}; nothing was injected`,
    () => 'it takes control groups that this user may make (root mostly may); `by: turns` needs none',
  ),
  TRACING_UNAVAILABLE: row(
    EXIT.unavailable,
    502,
    (d) => `the files of ${d['instance']} (pid ${d['pid']}) cannot be slowed: ${d['reason']}; nothing was injected`,
    () => 'it takes `strace` and `setpriv` (`apt install strace util-linux`), and a user who may trace processes of his own',
  ),
  PROCESS_UNMOVED: row(
    EXIT.internal,
    500,
    (d) =>
      `the process of ${d['instance']} (pid ${d['pid']}) is ${d['found']} and not ${d['wanted']}, ${d['afterMs']} ms after it was told`,
    () => 'somebody else signals it, or it waits for a disk; look at it with `ps -o pid,stat,wchan`',
  ),
  PROCESS_MOVED: row(
    EXIT.internal,
    500,
    (d) => `the process of ${d['instance']} (pid ${d['pid']}) went on while its data was copied, so the copy may hold half a change`,
    () => 'its lease ran out because the data plane was silent, or somebody else let it go on; try again on a quieter machine',
  ),
  DATA_UNWRITABLE: row(
    EXIT.unavailable,
    502,
    (d) => `the data folder of ${d['instance']}, ${d['folder']}, cannot be written: ${d['reason']}; nothing was injected`,
    () => 'correct `dataDirectory:` of the service, or leave it out: then the folder is in that of the run',
  ),
  SNAPSHOT_MISSING: row(
    EXIT.usage,
    409,
    (d) => `there is no copy of the data of ${d['instance']} that it could start again with: nothing was injected`,
    () => 'let a `snapshot` step end before the fault begins',
  ),
} as const satisfies Record<string, Row>;
