/** Serves the built panel, and the view of snapshots, as the host does: the same body, the same policy, one script and one style sheet. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { panelThemes, type PanelTheme, type ThemeName } from './panelThemes';

const built = path.resolve('dist/webview');
const files: Readonly<Record<string, string>> = { '/main.js': 'text/javascript', '/main.css': 'text/css', '/snapshot.js': 'text/javascript', '/snapshot.css': 'text/css' };
const nonce = 'panelTestNonce';

export interface PanelServer {
  /** The path below it is a bundle and the name of a theme, such as `/snapshot/dark`. */
  readonly address: string;
  close(): void;
}

export async function servePanel(): Promise<PanelServer> {
  for (const file of Object.keys(files)) {
    if (!existsSync(path.join(built, file))) throw new Error(`The built panel has no file ${path.join(built, file)}. Build it first: npm run build.`);
  }
  const server: Server = createServer((request, response) => {
    const [type, content] = answer(request.url ?? '/');
    response.setHeader('content-type', type);
    response.end(content);
  });
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => { server.close(); server.closeAllConnections(); } };
}

function answer(url: string): [type: string, content: string | Buffer] {
  const type = files[url];
  if (type !== undefined) return [type, readFileSync(path.join(built, url))];
  const theme = panelThemes[path.parse(url).name as ThemeName];
  return url.endsWith('.css') ? ['text/css', variables(theme)] : ['text/html; charset=utf-8', page(theme, url, url.split('/')[1] ?? '')];
}

/** The editor sets them on the root's style; a policy without inline styles leaves a page only this. */
function variables(theme: PanelTheme): string {
  return `:root { ${Object.entries(theme.variables).map(([name, value]) => `--vscode-${name}: ${value};`).join(' ')} }`;
}

function page({ classes, kind }: PanelTheme, url: string, bundle: string): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; font-src 'self'; img-src 'self' data:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>EFCP Studio</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${url}.css">
<link rel="stylesheet" href="/${bundle}.css">
</head>
<body class="${classes}" data-vscode-theme-kind="${kind}">
<main id="app"></main>
<script nonce="${nonce}" src="/${bundle}.js"></script>
</body>
</html>`;
}
