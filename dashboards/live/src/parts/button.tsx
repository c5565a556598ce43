/** A button that says what it does. `look`: `main` for the one act of a form, `danger` for what does harm. One that cannot be pressed says why when it is pointed at. */
import type { ComponentChildren } from 'preact';

export interface ButtonProps {
  children: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  look?: 'plain' | 'main' | 'danger';
  type?: 'button' | 'submit';
  /** Why it cannot be pressed now; it stays in reach of the keyboard, so that the reason can be read. */
  refusal?: string | undefined;
  /** One of several of which one holds: whether it is this. Left out: it is no such button. */
  isPressed?: boolean;
  /** For a reader that does not see what stands around it. */
  label?: string;
}

export function Button({ children, onClick, look = 'plain', type = 'button', refusal, isPressed, label }: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${look}`}
      aria-label={label}
      aria-pressed={isPressed}
      aria-disabled={refusal === undefined ? undefined : true}
      title={refusal}
      onClick={(event) => {
        if (refusal === undefined) onClick?.(event);
        else event.preventDefault();
      }}
    >
      {children}
    </button>
  );
}
