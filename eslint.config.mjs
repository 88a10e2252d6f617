// Type-aware and strict, with the import directions of ARCHITECTURE.md enforced from one table.
import tseslint from 'typescript-eslint';

/** What each folder of src/ may import from the others, whole folders or single files. A folder always sees itself. */
const layers = {
  settings: [],
  protocol: ['settings'],
  kernels: [],
  sparsity: ['settings'],
  optimizers: ['kernels', 'settings'],
  memory: ['backends/engine', 'protocol', 'settings'],
  gradients: ['backends/engine', 'backends/halfKernels', 'memory', 'models', 'protocol', 'settings'],
  models: ['backends/engine', 'backends/batchNormKernels', 'backends/layerNormKernels', 'backends/ownKernel', 'backends/sequenceKernels', 'kernels/float16', 'settings'],
  data: ['settings', 'protocol', 'runtime/lock', 'models/ownModule/loadOwnModule'],
  evaluation: ['settings'],
  decoding: ['data/text/text', 'gradients/inference', 'gradients/nodeSeed'],
  runtime: ['settings', 'protocol'],
  backends: ['settings', 'protocol/heldBytes', 'runtime/runtimeHome', 'runtime/runtimeRecord'],
  trainer: ['settings', 'protocol', 'kernels', 'sparsity', 'optimizers', 'memory', 'gradients', 'models', 'data', 'backends', 'decoding', 'evaluation'],
  planning: ['settings', 'protocol', 'memory', 'gradients', 'models', 'data', 'backends', 'trainer', 'optimizers', 'kernels'],
  exports: ['settings', 'protocol'],
  bench: ['settings', 'exports', 'planning', 'protocol', 'kernels', 'optimizers', 'gradients', 'memory', 'models', 'trainer', 'backends', 'data'],
  cli: ['settings', 'protocol', 'kernels', 'optimizers', 'trainer', 'backends', 'bench', 'planning', 'exports', 'runtime', 'data', 'decoding', 'evaluation', 'gradients/inference'],
  host: ['settings', 'protocol', 'exports/exportFormats', 'exports/exportMessages', 'runtime/installMessages', 'runtime/pins', 'data/catalog', 'data/fetch/fetchMessages'],
};
const folders = Object.keys(layers);

const layerRules = folders.map(folder => {
  const forbidden = folders.filter(other => other !== folder && !layers[folder].includes(other)).map(other => {
    const files = layers[folder].filter(allowed => allowed.startsWith(`${other}/`)).map(allowed => allowed.slice(other.length));
    return files.length === 0 ? other : `${other}(?!(${files.join('|')})$)`;
  });
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': ['error', {
        paths: folder === 'host' ? [] : [{ name: 'vscode', message: 'Only src/host and src/extension.ts know the editor.' }],
        patterns: [{ regex: `^(\\.\\./)+(${[...forbidden, 'webview', 'extension'].join('|')})(/|$)`, message: `src/${folder} may import only: ${layers[folder].join(', ') || 'nothing of ours'}.` }],
      }],
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'src/kernels/assembly/', 'src/backends/wasm/assembly/', 'node_modules/', 'test-results/', '**/*.mjs', '.efcp/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier", message: 'Write import * as z: the object z brings all of zod into a bundle, forty languages among it.' }],
      'max-lines': ['error', 250],
    },
  },
  ...layerRules,
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', {
        paths: [{ name: 'vscode', message: 'A webview has no editor API.' }],
        patterns: [{ regex: '^(\\.\\./)+src/(?!protocol|settings|exports/charts/planChart$|exports/pictures/svgScene$)', message: 'webview may import only src/protocol, src/settings, and pictures that no run records.' }, { regex: '^node:', message: 'A webview has no Node.' }],
      }],
    },
  },
  { files: ['src/cli/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-unused-expressions': 'off' } },
);
