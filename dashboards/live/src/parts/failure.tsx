/** What went wrong and what to do next, in the words of whoever refused. */
import { RequestFailed } from '../wire/request.js';

export function Failure({ of }: { of: unknown }) {
  if (of === undefined) return null;
  const hint = of instanceof RequestFailed ? of.hint : undefined;
  return (
    <div class="notice failure" role="alert">
      <p>{of instanceof Error ? of.message : String(of)}</p>
      {hint !== undefined && <p class="soft">{hint}</p>}
    </div>
  );
}
