// The wasm backend as the environment of TensorFlow.js's own tests: completed by us, or, with EFCP_TFJS_STOCK set, as it is published.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import { completeBackend } from '../../src/backends/wasm/completeBackend';

const assets = path.resolve('dist');
setWasmPaths(path.join(assets, 'wasm') + path.sep);
if (process.env.EFCP_TFJS_STOCK === undefined) completeBackend(assets);
setTestEnvs([{ name: 'wasm', backendName: 'wasm', isDataSync: true }]);
