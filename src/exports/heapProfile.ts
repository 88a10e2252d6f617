/**
 * What lives at a peak as a `.heapprofile`, the sampling heap profile of V8's inspector protocol (HeapProfiler.SamplingHeapProfile),
 * which VS Code and Chrome open: category, layer, buffer. A buffer that a line of the user's code made leads to that line.
 * Lines and columns count from 0.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { categoryLabels, partLabels } from '../protocol/labels';
import { categories } from '../protocol/samples';
import type { Instant } from '../protocol/snapshot/instant';
import { wordsOf } from '../protocol/snapshot/ranking';
import { stateParts } from '../settings/stateBytes';
import type { RecordedRun } from './recordedRun';

interface ProfileNode {
  readonly callFrame: { readonly functionName: string; readonly scriptId: string; readonly url: string; readonly lineNumber: number; readonly columnNumber: number };
  readonly selfSize: number;
  readonly id: number;
  readonly children: ProfileNode[];
}

interface HeapProfile {
  readonly head: ProfileNode;
  readonly samples: readonly { readonly size: number; readonly nodeId: number; readonly ordinal: number }[];
}

/** Before it has a number. */
interface Branch {
  readonly name: string;
  readonly bytes: number;
  readonly source?: string;
  readonly children: readonly Branch[];
}

/** Equal buffers of a layer, by what they have in common. */
type Leaves = Map<string, { readonly name: string; readonly source: string; bytes: number; count: number }>;

/** Of a step, buffer by buffer; equal ones of a layer together. */
export function snapshotProfile(peak: Instant): HeapProfile {
  const { lives: { snapshot }, alive, category } = peak;
  const tree = new Map<string, Map<string, Leaves>>();
  for (const buffer of alive) {
    const { layer, operation, shape, type, source, bytes } = wordsOf(snapshot, buffer);
    const name = [operation, shape === '' ? type : `${type} ${shape}`].filter(Boolean).join(' ');
    const layers = entry(tree, categoryLabels[categories[category[buffer] ?? 0] ?? 'unattributed'], () => new Map<string, Leaves>());
    const leaf = entry(entry(layers, layer, (): Leaves => new Map()), `${name}\0${source}`, () => ({ name, source, bytes: 0, count: 0 }));
    leaf.bytes += bytes;
    leaf.count++;
  }
  const branches = Array.from(tree, ([label, layers]): Branch => ({
    name: label, bytes: 0,
    children: Array.from(layers, ([layer, leaves]): Branch => ({
      name: layer === '' ? '(no layer)' : layer, bytes: 0,
      children: Array.from(leaves.values(), ({ name, source, bytes, count }): Branch => ({ name: count === 1 ? name : `${count} × ${name}`, bytes, source, children: [] })),
    })),
  }));
  return profileOf(branches);
}

/** Of a run without snapshots: the categories of its highest peak, the state part by part. Undefined before the first step. */
export function runProfile({ state: { peak } }: RecordedRun): HeapProfile | undefined {
  if (peak === undefined) return undefined;
  const parts = stateParts.flatMap((part): Branch[] => (peak.stateBytes[part] ?? 0) === 0 ? [] : [{ name: partLabels[part], bytes: peak.stateBytes[part] ?? 0, children: [] }]);
  const known = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return profileOf(categories.filter(category => peak.bytesAtPeak[category] > 0).map((category): Branch => {
    const bytes = peak.bytesAtPeak[category];
    // A state that changed shape since the peak would not add up.
    const children = category === 'optimizerState' && known <= bytes ? parts : [];
    return { name: categoryLabels[category], bytes: bytes - children.reduce((sum, child) => sum + child.bytes, 0), children };
  }));
}

function profileOf(branches: readonly Branch[]): HeapProfile {
  let id = 0;
  const samples: { size: number; nodeId: number; ordinal: number }[] = [];
  const numbered = ({ name, bytes, source = '', children }: Branch): ProfileNode => {
    const node: ProfileNode = { callFrame: { functionName: name, scriptId: '0', ...placeOf(source) }, selfSize: bytes, id: ++id, children: [] };
    if (bytes > 0) samples.push({ size: bytes, nodeId: node.id, ordinal: samples.length + 1 });
    for (const child of children) node.children.push(numbered(child));
    return node;
  };
  return { head: numbered({ name: '(root)', bytes: 0, children: branches }), samples };
}

/** "FILE:LINE". */
function placeOf(source: string): { url: string; lineNumber: number; columnNumber: number } {
  const [, file, line] = /^(.+?):(\d+)(?::\d+)?$/.exec(source) ?? [];
  if (file === undefined || line === undefined) return { url: '', lineNumber: -1, columnNumber: -1 };
  return { url: path.isAbsolute(file) ? pathToFileURL(file).href : file, lineNumber: Number(line) - 1, columnNumber: 0 };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
