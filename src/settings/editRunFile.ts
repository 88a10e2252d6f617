/** Changes settings in the text of a run file; comments, order and everything else stay as they are. */
import { applyEdits, findNodeAtLocation, modify, parseTree, type JSONPath } from 'jsonc-parser';
import { namesIn, objectSections } from './knobSchema';

/** `text` is that of a run file that has been read without complaint. A setting stays where it stands; a new one joins its section where there is one. */
export function withSettings(text: string, changes: Readonly<Record<string, unknown>>): string {
  return Object.entries(changes).reduce((edited, [name, value]) => applyEdits(edited, modify(edited, placeFor(edited, name), value, {
    formattingOptions: { insertSpaces: !/^\t/m.test(text), tabSize: /^( +)\S/m.exec(text)?.[1]?.length ?? 2, eol: text.includes('\r\n') ? '\r\n' : '\n' },
  })), text);
}

function placeFor(text: string, name: string): JSONPath {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const stands = (path: JSONPath) => tree !== undefined && findNodeAtLocation(tree, path) !== undefined;
  const places: JSONPath[] = [[name], ...objectSections.flatMap((section): JSONPath[] => [[section, name], [`${section}.${name}`]])];
  const section = objectSections.find(each => (namesIn(each) as readonly string[]).includes(name));
  return places.find(stands) ?? (section !== undefined && stands([section]) ? [section, name] : [name]);
}
