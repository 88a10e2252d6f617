/** The directory of a run of any length, written block by block as a trainer writes it: a sample a step, a validation now and then. */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../src/protocol/runEvents';
import { diagnosticsAt, memoryAt, savingsAt } from './panelRun';
import { exampleEvents, exampleSettings, writeExample } from './recordedExample';

const blockSize = 4096;

export function writeLongRun(directory: string, steps: number, stepsPerEpoch = 250): string {
  writeExample(directory, []);
  const file = openSync(path.join(directory, 'events.jsonl'), 'w');
  let block: string[] = [];
  let sequence = 0;
  const flush = () => {
    if (block.length > 0) writeSync(file, `${block.join('\n')}\n`);
    block = [];
  };
  const say = (event: RunEvent) => {
    block.push(JSON.stringify({ ...event, sequence: sequence++ }));
    if (block.length === blockSize) flush();
  };
  for (const event of exampleEvents()) if (event.type === 'started') say({ ...event, totalSteps: steps, stepsPerEpoch });
  for (let step = 1; step <= steps; step++) {
    const loss = 2.3 / (1 + step / steps) + 0.1 * Math.sin(step);
    const base = { sequence: 0, time: 100 + 20 * step };
    say({
      ...base, type: 'sample', step, steps: 1, loss, lossMin: loss * 0.9, lossMax: loss * 1.1, accuracy: 1 / (1 + loss), ...savingsAt(step, exampleSettings), stepMs: 19 + Math.cos(step), memory: memoryAt(step, exampleSettings),
      ...step % 10 === 0 ? { diagnostics: diagnosticsAt(step, exampleSettings) } : {},
    });
    if (step % stepsPerEpoch === 0) say({ ...base, type: 'validation', step, loss, accuracy: 0.9 });
  }
  say({ type: 'finished', sequence: 0, time: 100 + 20 * steps, reason: 'completed', steps, metrics: {} });
  flush();
  closeSync(file);
  return directory;
}
