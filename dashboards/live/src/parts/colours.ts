/** Colours of the style for what is drawn on a canvas, which knows no custom properties. */

/** The colour that a custom property stands for now, like `rgb(29, 95, 168)`. Ask again when the theme changes. */
export function colourOf(property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
