/** Headers that a promise is judged by, and that nobody will have noted: without them a run ends as inconclusive after minutes. */
import type { Foresight, Outlook } from '../foresight.js';
import { instancesOf } from '../inference/traffic.js';

/** `at`: a service, or one instance of it, whose callers send `header` (in small letters). */
export function foreseeUnnoted({ at, header }: { at: string; header: string }, { plan, noted }: Outlook): readonly Foresight[] {
  const callees = instancesOf({ plan }, at);
  const links = plan.links.filter(({ to }) => callees.includes(to));
  const pairs = new Map(links.map(({ fromService, toService }) => [`${fromService} and ${toService}`, noted(fromService, toService)]));
  return [...pairs].flatMap(([between, seen]): readonly Foresight[] => {
    if (seen === undefined || seen.headers.includes(header)) return [];
    const says = `nobody notes the header ${header} (\`observe.headers\`) between ${between}, so requests without it are all that is seen there`;
    return [{ kind: 'cannotJudge', says }];
  });
}
