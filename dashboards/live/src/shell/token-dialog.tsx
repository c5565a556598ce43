/** Asks for the token of a daemon that is not on loopback, until it has one that the daemon takes. What depends on it tries again by itself. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { isTokenNeeded, keepToken, tokenState } from '../wire/token.js';

/** Closed by hand: the page stays as it is until somebody asks for the dialog again. */
const isPutOff = signal(false);

export function TokenDialog() {
  const state = tokenState.value;
  useEffect(() => {
    // The next time that the daemon asks is another one.
    if (state === 'fine') isPutOff.value = false;
  }, [state]);
  return (
    <Dialog
      title="This daemon wants a token"
      isOpen={isTokenNeeded.value && !isPutOff.value}
      onClose={() => {
        // It also closes when a token was given.
        isPutOff.value = isTokenNeeded.value;
      }}
    >
      {state === 'refused' && (
        <p class="notice failure" role="alert">
          The daemon does not take this token.
        </p>
      )}
      <form
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

/** For who has put it off. */
export function GiveToken() {
  if (!isTokenNeeded.value || !isPutOff.value) return null;
  return (
    <Button
      onClick={() => {
        isPutOff.value = false;
      }}
    >
      Give the token
    </Button>
  );
}
