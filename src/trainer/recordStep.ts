/** Attaches a recorder to a run for one step, told what the tensors are that are there already. */
import type { DataId } from '@tensorflow/tfjs-core';
import { nowhere, StepRecorder, type Place } from '../memory/stepRecorder';
import type { SnapshotAbout, StepSnapshot } from '../protocol/snapshot/stepSnapshot';
import type { Settings } from '../settings/knobs';
import type { Assembly } from './assemble';

/** What is told of a recorded step when it is over. */
export interface RecordedStep extends Pick<SnapshotAbout, 'step' | 'examples' | 'reason' | 'stepMs' | 'usualStepMs' | 'run'> {
  readonly settings: Settings;
}

/** Begins at once, with the making of the batch; what this returns ends it. Dropped before that, the ledger's `stopRecording` does. */
export function recordStep({ ledger, placement, model, backend, team }: Pick<Assembly, 'ledger' | 'placement' | 'model' | 'backend' | 'team'>): { end(): (about: RecordedStep) => StepSnapshot } {
  const places = new Map<DataId, Place>();
  for (const [name, { dataId }] of placement.named()) places.set(dataId, { name });
  const recorder = new StepRecorder();
  ledger.enter('forward');
  ledger.record(recorder, dataId => places.get(dataId) ?? nowhere);
  const lacks = team === undefined ? {} : { lacks: 'What the other workers allocated: each computes its slice of the batch on a thread of its own.' };
  return {
    end: () => {
      ledger.stopRecording();
      return about => recorder.snapshot({ ...about, model: model.name, backend: backend.name, takenAt: new Date().toISOString(), ...lacks });
    },
  };
}
