/** Where something stands in what somebody wrote: a document, a request, an option. */

/** Keys and list positions from the document's root. */
export type Path = readonly (string | number)[];

/** `method[0].fault.value` */
export function wherePath(path: Path): string {
  if (path.length === 0) return 'the document';
  return path.map((segment, i) => (typeof segment === 'number' ? `[${segment}]` : i === 0 ? segment : `.${segment}`)).join('');
}
