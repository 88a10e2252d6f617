import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { streamEvents } from '../../../src/host/streamEvents';
import type { RunEvent } from '../../../src/protocol/runEvents';
import { wholeRun } from './recorded';
import { scratchFolder } from './scratch';

const run = wholeRun(4);
const lines = run.map(event => JSON.stringify(event));
const text = lines.join('\n');

describe('host: reading events', () => {
  const folder = scratchFolder();
  const files = [
    { it: 'a whole file', content: `${text}\n`, events: run, damaged: [] },
    { it: 'a last line without its end', content: text, events: run, damaged: [] },
    { it: 'a torn last line', content: text.slice(0, -10), events: run.slice(0, -1), damaged: [] },
    { it: 'damage in the middle, by line', content: [...lines.slice(0, 2), '{"type":"sam', '{"type":"unheard-of"}', ...lines.slice(2), ''].join('\n'), events: run, damaged: [3, 4] },
    { it: 'an empty file', content: '', events: [], damaged: [] },
    { it: 'no file', content: undefined, events: [], damaged: [] },
  ];
  for (const { it: what, content, events, damaged } of files) {
    it(`takes ${what}`, async () => {
      if (content !== undefined) writeFileSync(path.join(folder(), 'events.jsonl'), content);
      const taken: RunEvent[] = [];
      assert.deepEqual(await streamEvents(folder(), event => taken.push(event)), damaged);
      assert.deepEqual(taken, events);
    });
  }
});
