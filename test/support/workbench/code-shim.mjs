// Stands in for the desktop `code` executable where there is none: takes the command line that @vscode/test-electron gives it, starts
// the rig's VS Code server, opens its workbench in headless Chromium, prints what the tests print, and ends with their exit code.
// Lines of the editor itself come out of the same pipe: they are kept back, and printed when the window ends badly.
// EFCP_WORKBENCH_DEBUG=1 prints them as they come; EFCP_WORKBENCH_TIMEOUT is the limit of one window in seconds.
import path from 'node:path';
import { format } from 'node:util';
import { scratchFolder } from '../scratchFolder.mjs';
import { workbenchAddress } from './address.mjs';
import { openBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const debug = Boolean(process.env.EFCP_WORKBENCH_DEBUG);
const timeoutSeconds = Number(process.env.EFCP_WORKBENCH_TIMEOUT ?? 1200);
const { folder, options } = parseCommandLine(process.argv.slice(2));
const open = {};
const ownLog = [];
/** How mocha/inWindow.mjs begins what it prints. */
const testsMark = 'window | ';
let finishing = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void finish(1, `interrupted by ${signal}`));
setTimeout(() => void finish(1, `no end after ${timeoutSeconds} s`), timeoutSeconds * 1000).unref();
try {
  await openWindow();
} catch (error) {
  await finish(1, String(error));
}

async function openWindow() {
  open.server = await startServer({
    development: true,
    userData: path.resolve(options['user-data-dir']?.[0] ?? scratchFolder('user')),
    extensions: path.resolve(options['extensions-dir']?.[0] ?? scratchFolder('extensions')),
    onEnd: why => void finish(1, `the server ended: ${why}`),
  });
  open.browser = await openBrowser({ debuggingPort: options['remote-debugging-port']?.[0] });
  const { page } = open.browser;
  page.on('crash', () => void finish(1, 'the page crashed'));
  page.on('close', () => void finish(1, 'the page was closed'));
  await page.exposeFunction('codeAutomationLog', (type, args) => print(args));
  await page.exposeFunction('codeAutomationExit', code => void finish(code));
  const address = workbenchAddress(open.server, { folder, extensions: options.extensionDevelopmentPath ?? [], tests: options.extensionTestsPath?.[0] });
  await page.goto(address, { waitUntil: 'commit' });
}

function print(parts) {
  const text = format(...parts);
  if (debug) console.log(text);
  else if (text.startsWith(testsMark)) console.log(text.slice(testsMark.length));
  else if (text !== ownLog.at(-1)) ownLog.push(text);
}

async function finish(code, why) {
  if (finishing) return;
  finishing = true;
  if (code !== 0 && !debug) console.error(ownLog.join('\n'));
  if (why) console.error(`workbench: ${why}`);
  await open.browser?.close();
  await open.server?.stop();
  process.exit(code);
}

/** `--name=value`, `--name`, and one folder; what is not known here is left alone, as the desktop does. */
function parseCommandLine(parameters) {
  const options = {};
  let folder;
  for (const parameter of parameters) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(parameter);
    if (match) (options[match[1]] ??= []).push(match[2] ?? '');
    else folder = parameter;
  }
  return { folder, options };
}
