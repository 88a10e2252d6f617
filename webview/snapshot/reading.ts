/** A snapshot as the view holds it: decoded once, with everything that pictures ask of it again and again. */
import { decodeSnapshot } from '../../src/protocol/snapshot/decodeSnapshot';
import type { Instant } from '../../src/protocol/snapshot/instant';
import { livesOf, type Lives } from '../../src/protocol/snapshot/lives';
import { peakOf } from '../../src/protocol/snapshot/peak';
import { phaseStretches, type PhaseStretch } from '../../src/protocol/snapshot/phaseStretches';
import type { StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';
import { Timeline } from '../../src/protocol/snapshot/timeline';
import type { NamedFile } from '../../src/protocol/snapshotPanel';

export interface Reading {
  readonly name: string;
  readonly snapshot: StepSnapshot;
  readonly lives: Lives;
  readonly timeline: Timeline;
  readonly peak: Instant;
  readonly stretches: readonly PhaseStretch[];
}

export function read({ name, bytes }: NamedFile): Reading {
  const snapshot = decodeSnapshot(new Uint8Array(bytes));
  const lives = livesOf(snapshot);
  return { name, snapshot, lives, timeline: new Timeline(lives), peak: peakOf(snapshot, lives), stretches: phaseStretches(lives) };
}
