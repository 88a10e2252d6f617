// Runs a bundle of tests in this process. It ends even when a test left something open; what that was, leftovers.mjs finds.
import { runBundle } from './runBundle.mjs';

process.exit(await runBundle() === 0 ? 0 : 1);
