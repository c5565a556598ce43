/** Asks who sits here; what people decide and note is signed with it. */
import { callMyself, NAME_CHARACTERS_MAX, personName } from '../../state/person.js';

export function NameField() {
  return (
    <label class="field name">
      Your name
      <input
        autocomplete="name"
        maxLength={NAME_CHARACTERS_MAX}
        placeholder="somebody"
        value={personName.value}
        onInput={(event) => callMyself(event.currentTarget.value)}
      />
    </label>
  );
}
