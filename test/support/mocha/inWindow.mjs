// Runs a bundle of tests inside the extension host of a VS Code window; the editor calls run().
import { format } from 'node:util';

/** Marks our lines among those of the editor, which come out of the same pipe. */
const mark = 'window | ';

export async function run() {
  const { log } = console;
  const marked = (...parts) => log(mark + format(...parts));
  globalThis.console = Object.create(console, { log: { value: marked } }); // the editor's own console lets nobody replace a method
  const { runBundle } = await import('./runBundle.mjs'); // mocha keeps the console.log that it finds when it is loaded
  const failures = await runBundle({ color: false });
  if (failures > 0) throw new Error(`${failures} failed`);
}
