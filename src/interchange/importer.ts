/** The shape of an importer: another tool's file → an experiment as a tree, and what of it could not be carried over. */

/** The experiment as it would be written in YAML, before any check. */
export type ExperimentTree = Readonly<Record<string, unknown>>;

export interface Imported {
  experiment: ExperimentTree;
  /** What stood there and has no place here, or not quite the same meaning: a sentence each, with where it stood. Never empty by negligence. */
  notCarried: readonly string[];
  /** What whoever imports it has to do before it runs: a sentence each. */
  toDo: readonly string[];
}

export interface Importer {
  /** `--from NAME`; equals the file's name, in camelCase. */
  readonly name: string;
  readonly summary: string;
  /** Whether a text is likely of this kind. */
  recognises(text: string): boolean;
  /** Throws IMPORT_INVALID, saying where. `name` is what the experiment is to be called. */
  read(text: string, given: { file: string; name: string }): Imported;
}

/** Checks the shape where the importer is written, and keeps its exact type. */
export function defineImporter<I extends Importer>(importer: I): I {
  return importer;
}
