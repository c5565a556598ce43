/** Asks for the token of a daemon that is not on loopback. What depends on it tries again by itself. */
import { signal } from '@preact/signals';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { isTokenNeeded, keepToken } from '../wire/token.js';

/** Closed by hand: the page stays as it is until the daemon asks again. */
const isPutOff = signal(false);

export function TokenDialog() {
  return (
    <Dialog
      title="This daemon wants a token"
      isOpen={isTokenNeeded.value && !isPutOff.value}
      onClose={() => {
        isPutOff.value = true;
      }}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          keepToken(String(new FormData(event.currentTarget).get('token') ?? ''));
        }}
      >
        <label class="field">
          Token
          <input name="token" type="password" autocomplete="off" required />
          <small>The one in the file that the daemon was given as --token-file. It is kept for this tab alone.</small>
        </label>
        <div class="buttons">
          <Button type="submit" look="main">
            Continue
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
