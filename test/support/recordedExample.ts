/** The directory of a run with one of everything: changes, alarms, a pause, checkpoints, and steps that were taken back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../src/protocol/runEvents';
import type { RunRecord } from '../../src/protocol/runFiles';
import { defaultsFor, type Settings } from '../../src/settings/knobs';
import { diagnosticsAt, memoryAt, savingsAt } from './panelRun';

type Unstamped = RunEvent extends infer Event ? Event extends RunEvent ? Omit<Event, 'sequence' | 'time'> : never : never;

export const exampleSettings: Settings = { ...defaultsFor('sparse-mfac'), epochs: 2, batchSize: 128, density: 0.01, learningRate: 0.01 };
export const exampleRecord: RunRecord = {
  version: 1, id: '20260105-100000-example', name: 'example', createdAt: '2026-01-05T10:00:00.000Z', source: { kind: 'preset', name: 'digits-mlp' }, settings: { ...exampleSettings }, studio: '0.1.0',
};
const backend = { name: 'wasm', version: '4.22.0', reason: 'embedded' };

/** Steps 1 to 20, of which 13 to 16 were made twice; milliseconds are ten a step. */
export function exampleEvents(): RunEvent[] {
  const events: RunEvent[] = [];
  const say = (time: number, event: Unstamped) => { events.push({ ...event, sequence: events.length, time }); };
  const sample = (step: number, time: number, loss: number) => say(time, {
    type: 'sample', step, steps: 2, loss, lossMin: loss / 2, lossMax: loss * 2, accuracy: 0.5, ...savingsAt(step, exampleSettings), stepMs: 10, memory: memoryAt(step, exampleSettings), diagnostics: diagnosticsAt(step, exampleSettings),
  });
  say(5, { type: 'preparing', what: 'measuring, with "quotes"' });
  say(100, {
    type: 'started', settings: { ...exampleSettings }, backend, parameterCount: 235_146, parameters: [{ name: 'w', shape: [235_146] }], trainExamples: 9000, validationExamples: 1000, stepsPerEpoch: 10, totalSteps: 20, datasetBytes: 7_850_000,
    predicted: { bytes: memoryAt(1, exampleSettings).bytesAtPeak, peakBytes: 5_000_000, peakPhase: 'backward', bytesAtPeak: memoryAt(1, exampleSettings).bytesAtPeak, storedPeak: memoryAt(1, exampleSettings).bytesAtPeak, stepMs: 9, parameterCount: 235_146, examples: 128, backend: 'wasm', assumptions: ['Bytes are linear in the batch.'] },
  });
  for (let step = 2; step <= 10; step += 2) sample(step, 100 + 10 * step, 1 / step);
  say(205, { type: 'validation', step: 10, loss: 0.25, accuracy: 0.9 });
  say(206, { type: 'applied', revision: 1, step: 10, from: { density: 0.01 }, to: { density: 0.005 }, stateBytesBefore: 2000, stateBytesAfter: 1500, forecast: { peakBytes: -500 } });
  say(210, { type: 'saved', step: 10, checkpoint: 'step-00000010.safetensors', bytes: 1000, ms: 4 });
  sample(12, 220, 0.09);
  say(221, { type: 'saved', step: 12, checkpoint: 'step-00000012.safetensors', bytes: 1000, ms: 1 });
  sample(14, 240, 77);
  sample(16, 260, 78);
  say(261, { type: 'applied', revision: 2, step: 16, from: { learningRate: 0.01 }, to: { learningRate: 0.5 }, stateBytesBefore: 1500, stateBytesAfter: 1500 });
  say(262, { type: 'finished', reason: 'stopped', steps: 16, metrics: {} });
  say(270, { type: 'restored', step: 12, checkpoint: 'step-00000012.safetensors', settings: { density: 0.005 }, changes: 1, totalSteps: 20, backend, refused: [] });
  sample(14, 290, 0.08);
  say(295, { type: 'paused', step: 14 });
  say(395, { type: 'resumed', step: 14 });
  for (let step = 16; step <= 20; step += 2) sample(step, 290 + 100 + 10 * (step - 14), 1 / step);
  say(455, { type: 'alarm', kind: 'budget', step: 20, message: 'The peak is 5 MB, but memoryBudget is 4.', action: 'noted', fix: { words: 'recompute per block', settings: { recompute: 'block' }, way: 'change' } });
  say(460, { type: 'validation', step: 20, loss: 0.2, accuracy: 0.95 });
  say(470, { type: 'finished', reason: 'completed', steps: 20, metrics: { loss: 0.06, validationLoss: 0.2, validationAccuracy: 0.95 } });
  return events;
}

export function writeExample(directory: string, lines: readonly string[] = exampleEvents().map(event => JSON.stringify(event)), record: RunRecord = exampleRecord): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'run.json'), JSON.stringify(record));
  if (lines.length > 0) writeFileSync(path.join(directory, 'events.jsonl'), `${lines.join('\n')}\n`);
  return directory;
}

/** All that chunks make together. */
export async function gathered(chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk as string));
  return Buffer.concat(parts);
}
