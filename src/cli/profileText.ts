/** What lives at the peak of a recorded step, and what two such peaks do not have in common: in words, and as parts of JSON. */
import { formatByteChange, formatBytes, formatCount, formatFigure, formatShare } from '../protocol/format';
import { phaseLabels } from '../protocol/labels';
import { categories, threeWay } from '../protocol/samples';
import { differenceKinds, differenceOf, type Difference, type DifferentSum } from '../protocol/snapshot/difference';
import type { Instant } from '../protocol/snapshot/instant';
import { peakOf } from '../protocol/snapshot/peak';
import { largest, nameOf, rank, wordsOf, type Grouping } from '../protocol/snapshot/ranking';
import type { StepSnapshot } from '../protocol/snapshot/stepSnapshot';
import { torchBytes } from '../protocol/snapshot/torchCategories';
import { formatTable } from './table';

/** Rows of a table in words; JSON has all layers and sources. */
const mostRows = 12;
const mostBuffers = 100;

export function peakParts(snapshot: StepSnapshot) {
  const peak = peakOf(snapshot);
  const rows = (by: Grouping) => Object.fromEntries(rank(peak, by).map(({ key, bytes }) => [nameOf(snapshot, by, key), bytes]));
  return {
    about: snapshot.about, events: snapshot.events.kind.length, peakBytes: peak.total, peakPhase: peak.phase, bytesAtPeak: peak.bytes,
    threeWay: threeWay(peak.bytes), torch: torchBytes(peak.bytes), layers: rows('layer'), sources: rows('source'),
    largest: largest(peak, mostBuffers).map(buffer => ({ ...wordsOf(snapshot, buffer), category: categories[peak.category[buffer] ?? 0] })),
  };
}

export function peakInWords(name: string, snapshot: StepSnapshot): string {
  const { about: { model, backend, step, examples, stepMs, usualStepMs, lacks }, events } = snapshot;
  const peak = peakOf(snapshot);
  const { model: ofModel, optimizer, activations, beside } = threeWay(peak.bytes);
  const took = stepMs === undefined ? '' : `, ${formatFigure(stepMs)} ms${usualStepMs === undefined ? '' : ` (the step before, not recorded, ${formatFigure(usualStepMs)} ms)`}`;
  const hasSources = rank(peak, 'source').some(({ key }) => key > 0);
  return [
    `${name}: step ${step} of ${model} on ${backend}, ${examples} examples, ${formatCount(events.kind.length)} events${took}`,
    ...lacks === undefined ? [] : [`Not in it: ${lacks}`],
    `\npeak: ${formatBytes(peak.total)}, in the ${phaseLabels[peak.phase]} (model ${share(ofModel, peak)}, optimizer ${share(optimizer, peak)}, activations ${share(activations, peak)}, beside them ${share(beside, peak)})`,
    ranked(peak, 'category'),
    `\nby layer\n${ranked(peak, 'layer')}`,
    ...hasSources ? [`\nby line of the module\n${ranked(peak, 'source')}`] : [],
    `\nthe largest buffers\n${formatTable(largest(peak, mostRows).map(buffer => [formatBytes(snapshot.buffers.bytes[buffer] ?? 0), categories[peak.category[buffer] ?? 0] ?? '', nameOf(snapshot, 'buffer', buffer)]), [0])}`,
  ].join('\n');
}

export function differenceParts(before: StepSnapshot, after: StepSnapshot) {
  const { buffers, sums, categories: byCategory, layers, before: left, after: right } = differenceOf(peakOf(before), peakOf(after));
  const side = ({ total, phase }: Instant, { about }: StepSnapshot) => ({ about, peakBytes: total, peakPhase: phase });
  return {
    before: side(left, before), after: side(right, after), sums, categories: byCategory, layers,
    buffers: buffers.slice(0, mostBuffers).map(({ before: was, after: is, ...each }) => ({
      ...each, ...(was === undefined ? {} : { before: wordsOf(before, was) }), ...(is === undefined ? {} : { after: wordsOf(after, is) }),
    })),
  };
}

/** `names`: of the step before and the step after. */
export function differenceInWords(names: readonly string[], before: StepSnapshot, after: StepSnapshot): string {
  const difference = differenceOf(peakOf(before), peakOf(after));
  const { before: { total: was }, after: { total: is }, buffers } = difference;
  const changed = difference.categories.filter(each => each.before !== each.after);
  const layers = difference.layers.filter(each => each.before !== each.after);
  return [
    `peak: ${formatBytes(was)} in ${names[0] ?? ''}, ${formatBytes(is)} in ${names[1] ?? ''}: ${formatByteChange(is - was)}`,
    ...buffers.length === 0 ? ['No buffer differs.'] : [counted(difference)],
    ...changed.length === 0 ? [] : [`\nby category\n${sums(changed)}`],
    ...layers.length === 0 ? [] : [`\nby layer\n${sums(layers)}`],
    ...buffers.length === 0 ? [] : [`\nthe largest changes\n${formatTable(buffers.slice(0, mostRows).map(({ kind, change, category, before: left, after: right }) => (
      [formatByteChange(change), kind, category, right === undefined ? nameOf(before, 'buffer', left ?? 0) : nameOf(after, 'buffer', right)]
    )), [0])}`],
  ].join('\n');
}

function ranked(peak: Instant, by: Grouping): string {
  const rows = rank(peak, by);
  const shown = rows.slice(0, mostRows);
  const rest = rows.slice(mostRows).reduce((sum, { bytes }) => sum + bytes, 0);
  const named = shown.map(({ key, bytes }) => [nameOf(peak.lives.snapshot, by, key) || 'not known', formatBytes(bytes), share(bytes, peak)]);
  return formatTable([...named, ...rest === 0 ? [] : [[`${rows.length - shown.length} more`, formatBytes(rest), share(rest, peak)]]], [1, 2]);
}

function share(bytes: number, { total }: Instant): string {
  return formatShare(total === 0 ? 0 : bytes / total);
}

function counted({ sums: bySums }: Difference): string {
  return differenceKinds.flatMap(kind => (bySums[kind].count === 0 ? [] : [`${formatCount(bySums[kind].count)} ${kind} (${formatByteChange(bySums[kind].change)})`])).join(', ');
}

function sums(rows: readonly DifferentSum[]): string {
  return formatTable(rows.slice(0, mostRows).map(({ name, before, after }) => [name || 'not known', formatBytes(before), formatBytes(after), formatByteChange(after - before)]), [1, 2, 3]);
}
