/** The trainer process: `node trainer.js RUN_DIRECTORY`, with `--resume` behind it to go on from a checkpoint. Its stdout and stderr belong to the user's code. */
import { readRecord, writeRecord } from '../protocol/runDirectory';
import { listenForControl } from './controlServer';
import { Mailbox } from './mailbox';

async function main(directory: string | undefined, mode: string | undefined): Promise<number> {
  if (directory === undefined) throw new Error('The trainer needs the folder of its run: node trainer.js RUN_DIRECTORY');
  const record = { ...readRecord(directory), pid: process.pid };
  writeRecord(directory, record);
  const mailbox = new Mailbox();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { mailbox.post({ type: 'stop' }); });
  const server = record.control === undefined ? undefined : await listenForControl(record.control, mailbox);
  // Loaded only now: it takes most of the start, longer than an editor waits for a listener on a machine that is busy enough.
  const { runSession } = await import('./session');
  const finished = await runSession({
    directory, record, assets: __dirname, mailbox, listen: event => { server?.broadcast(event); }, ...(mode === '--resume' ? { resume: {} } : {}),
  });
  await server?.close();
  return finished.reason === 'failed' ? 1 : 0;
}

main(process.argv[2], process.argv[3]).then(
  // A backend may keep threads of its own alive; the run is over.
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exit(1);
  },
);
