/** What is wrong with a plan: each problem with its line and a caret under the place, as on the terminal; so its spaces count. */
import { Failure } from '../../parts/failure.js';
import { RequestFailed } from '../../wire/request.js';

export function PlanFailure({ error }: { error: unknown }) {
  if (!(error instanceof RequestFailed) || error.code !== 'PLAN_INVALID') return <Failure of={error} />;
  return (
    <div role="alert">
      <h2>This plan has mistakes</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <pre class="problems" tabIndex={0}>
        {error.message}
      </pre>
      <p class="soft">Nothing was started and nothing was injected.</p>
    </div>
  );
}
