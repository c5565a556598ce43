/** An imported experiment as a YAML file that says itself what could not be carried and what is left to do. */
import { Document, isMap, isPair, isScalar, visit } from 'yaml';
import type { Imported } from './importer.js';

export function experimentText({ experiment, notCarried, toDo }: Imported, { from, schema }: { from: string; schema: string }): string {
  const document = new Document({ apiVersion: 'faultlab/v1', kind: 'Experiment', ...experiment });
  // One line for what is small, as people write it.
  visit(document, {
    Map: (_key, node, path) => {
      const isSmall = node.items.every((pair) => isPair(pair) && isScalar(pair.value)) && JSON.stringify(node).length < 100;
      if (isSmall && path.length > 4) node.flow = true;
      return undefined;
    },
  });
  if (isMap(document.contents)) document.contents.flow = false;
  const comments = [
    ` yaml-language-server: $schema=${schema}`,
    ` Imported from ${oneLine(from)}.`,
    ...list('Not carried, or not quite the same:', notCarried),
    ...list('Left to do:', toDo),
  ];
  return `${comments.map((line) => `#${line}`).join('\n')}\n${document.toString({ lineWidth: 140, flowCollectionPadding: false })}`;
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ` ${title}`, ...lines.map((line) => ` - ${oneLine(line)}`)];
}

/** Text of a stranger's file may hold line ends, and would go on outside of the comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').slice(0, 500);
}
