// The address that opens the workbench on a folder.
import path from 'node:path';

/** `extensions` are folders of extensions under development, `tests` a module that exports run(): both want a server for development. */
export function workbenchAddress({ authority, token }, { folder, extensions = [], tests }) {
  const remote = file => `vscode-remote://${authority}${encodeURI(path.resolve(file))}`;
  const payload = [
    ['skipWelcome', 'true'],
    ...extensions.map(extension => ['extensionDevelopmentPath', remote(extension)]),
    ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
  ];
  const query = new URLSearchParams({ tkn: token, ...target(folder), ...(extensions.length > 0 && { payload: JSON.stringify(payload) }) });
  return `http://${authority}/?${query}`;
}

function target(folder) {
  if (folder === undefined) return { ew: 'true' }; // an empty window
  return { [folder.endsWith('.code-workspace') ? 'workspace' : 'folder']: path.resolve(folder) };
}
