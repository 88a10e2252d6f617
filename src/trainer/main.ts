/**
 * The trainer process: `node trainer.js RUN_DIRECTORY`, with `--resume` behind it to go on from a checkpoint, and behind that, as JSON,
 * the backend and the live settings that shall be others (`Wanted`). Its stdout and stderr belong to the user's code. `--probe REQUEST` measures a
 * backend instead.
 */
import type { Alternative } from '../protocol/backends';
import { readRecord, writeRecord } from '../protocol/runDirectory';
import { listenForControl } from './controlServer';
import { answerMark } from './choice/answerMark';
import type { ProbeRequest } from './choice/probe';
import { Mailbox } from './mailbox';
import type { Wanted } from './resume';

async function main(directory: string | undefined, mode: string | undefined, wanted = '{}'): Promise<number> {
  if (directory === '--probe') return answerProbe(mode ?? '');
  if (directory === undefined) throw new Error('The trainer needs the folder of its run: node trainer.js RUN_DIRECTORY');
  const record = { ...readRecord(directory), pid: process.pid };
  writeRecord(directory, record);
  const mailbox = new Mailbox();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { mailbox.post({ type: 'stop' }); });
  const server = record.control === undefined ? undefined : await listenForControl(record.control, mailbox);
  // Loaded only now: it takes most of the start, longer than an editor waits for a listener on a machine that is busy enough.
  const { runSession } = await import('./session');
  const finished = await runSession({
    directory, record, assets: __dirname, mailbox, listen: event => { server?.broadcast(event); }, ...(mode === '--resume' ? { resume: JSON.parse(wanted) as Wanted } : {}),
  });
  await server?.close();
  return finished.reason === 'failed' ? 1 : 0;
}

async function answerProbe(request: string): Promise<number> {
  const { probe } = await import('./choice/probe');
  const asked = JSON.parse(request) as ProbeRequest;
  const answer = await probe(asked).catch((error: unknown): Alternative => ({ name: asked.backend, refused: error instanceof Error ? error.message : String(error) }));
  process.stdout.write(`${answerMark}${JSON.stringify(answer)}\n`);
  return 0;
}

main(process.argv[2], process.argv[3], process.argv[4]).then(
  // A backend may keep threads of its own alive; the run is over.
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exit(1);
  },
);
