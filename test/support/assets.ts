import path from 'node:path';

/** The files that the build made: this module is bundled into dist/test. */
export const assets = path.resolve(__dirname, '..');
