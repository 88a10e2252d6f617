/**
 * The entries of largest magnitude of every block, exactly, of equal ones the lowest index; in ascending order of their index.
 * One workgroup per block. The bits of |x| are ordered like |x|: histograms over their digits, eight bits at a time and the
 * highest first, narrow down the bit pattern at which the count of larger entries reaches what is kept. Then every lane counts
 * what its own stretch of the block keeps, and writes that behind what the lanes before it keep. Short blocks take one lane
 * each, which counts for every entry how many come before it.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { compute } from './program';
import { runTable } from './sparseEntries';

const lanes = 256;
const shortBlock = 64;

const blocks = `
${runTable}
// First parameter, length, entries kept, entries kept before; of no length beyond the last block.
fn blockOfGroup(group : i32) -> vec4<i32> {
  if (group >= uniforms.blocks) { return vec4<i32>(0, 0, 0, 0); }
  let run = runOf(group, blocksBefore);
  let inRun = group - ofRun(run, blocksBefore);
  let begin = inRun * ofRun(run, blockSize);
  let size = min(ofRun(run, blockSize), ofRun(run, length) - begin);
  let isLast = begin + size == ofRun(run, length);
  return vec4<i32>(ofRun(run, start) + begin, size, ofRun(run, select(keptPerBlock, keptInLast, isLast)), ofRun(run, keptBefore) + inRun * ofRun(run, keptPerBlock));
}

fn magnitudeAt(at : i32) -> u32 { return bitcast<u32>(x[at]) & 0x7fffffffu; }
`;

const shortCode = `
${blocks}
fn main(index : i32) {
  let own = blockOfGroup(index);
  var put = own.w;
  for (var at = own.x; at < own.x + own.y; at = at + 1) {
    let magnitude = magnitudeAt(at);
    var ahead = 0;
    for (var other = own.x; other < own.x + own.y; other = other + 1) {
      let rival = magnitudeAt(other);
      if (rival > magnitude || (rival == magnitude && other < at)) { ahead = ahead + 1; }
    }
    if (ahead < own.z) {
      result[put] = at;
      put = put + 1;
    }
  }
}`;

const longCode = `
${blocks}
var<workgroup> block : vec4<i32>;
var<workgroup> counts : array<atomic<u32>, 256>;
// The digits found so far, and how many entries are larger than any that begins with them.
var<workgroup> found : vec2<u32>;
var<workgroup> larger : array<u32, ${lanes}>;
var<workgroup> equal : array<u32, ${lanes}>;

fn main(index : i32) {
  let lane = index % ${lanes};
  if (lane == 0) { block = blockOfGroup(index / ${lanes}); }
  let own = workgroupUniformLoad(&block);
  let kept = u32(own.z);
  var digits = vec2<u32>(0u, 0u);
  for (var shift = 24u; shift < 32u; shift = shift - 8u) {
    atomicStore(&counts[lane], 0u);
    workgroupBarrier();
    for (var at = own.x + lane; at < own.x + own.y; at = at + ${lanes}) {
      let magnitude = magnitudeAt(at);
      if (shift == 24u || (magnitude >> (shift + 8u)) == digits.x) { atomicAdd(&counts[(magnitude >> shift) & 255u], 1u); }
    }
    workgroupBarrier();
    if (lane == 0) {
      var digit = 255u;
      var above = digits.y;
      while (digit > 0u && above + atomicLoad(&counts[digit]) < kept) {
        above = above + atomicLoad(&counts[digit]);
        digit = digit - 1u;
      }
      found = vec2<u32>((digits.x << 8u) | digit, above);
    }
    digits = workgroupUniformLoad(&found);
  }
  let cut = digits.x;
  let ties = kept - digits.y;
  let share = (own.y + ${lanes - 1}) / ${lanes};
  let begin = own.x + min(lane * share, own.y);
  let to = own.x + min(lane * share + share, own.y);
  var ownLarger = 0u;
  var ownEqual = 0u;
  for (var at = begin; at < to; at = at + 1) {
    let magnitude = magnitudeAt(at);
    ownLarger = ownLarger + select(0u, 1u, magnitude > cut);
    ownEqual = ownEqual + select(0u, 1u, magnitude == cut);
  }
  larger[lane] = ownLarger;
  equal[lane] = ownEqual;
  workgroupBarrier();
  if (lane == 0) {
    var sums = vec2<u32>(0u, 0u);
    for (var other = 0; other < ${lanes}; other = other + 1) {
      let next = sums + vec2<u32>(larger[other], equal[other]);
      larger[other] = sums.x;
      equal[other] = sums.y;
      sums = next;
    }
  }
  workgroupBarrier();
  var tie = equal[lane];
  var put = own.w + i32(larger[lane] + min(tie, ties));
  for (var at = begin; at < to; at = at + 1) {
    let magnitude = magnitudeAt(at);
    let isTie = magnitude == cut;
    if (magnitude > cut || (isTie && tie < ties)) {
      result[put] = at;
      put = put + 1;
    }
    if (isTie) { tie = tie + 1u; }
  }
}`;

/** x [d]; indices [k], from the start of the vector. `longest` is the length of the longest block. */
export function topKIndices(backend: unknown, { x, runs }: Readonly<Record<'x' | 'runs', TensorInfo>>, { kept, blocks: count, runCount, longest }: Readonly<Record<'kept' | 'blocks' | 'runCount' | 'longest', number>>): TensorInfo {
  const integers = { blocks: count, runCount };
  const shader = longest <= shortBlock
    ? { name: 'short block top-k', code: shortCode, workgroups: Math.ceil(count / shortBlock), lanes: shortBlock }
    : { name: 'block top-k', code: longCode, workgroups: count, lanes };
  return compute(backend, { ...shader, inputs: { x, runs }, integers }, [kept], 'int32');
}
