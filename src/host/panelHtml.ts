/** The document of the panel, or of the view of snapshots: one script and one style sheet of ours, and nothing else may load. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folder that a panel may load from. */
export function panelRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri, bundle: 'main' | 'snapshot' = 'main'): string {
  const nonce = randomBytes(16).toString('base64url');
  const uriOf = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(panelRoot(extensionUri), file)).toString();
  const policy = [
    'default-src \'none\'', `script-src 'nonce-${nonce}'`, `style-src ${webview.cspSource}`, `font-src ${webview.cspSource}`, `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return page(policy, `<link rel="stylesheet" href="${uriOf(`${bundle}.css`)}">`, `<main id="app"></main>\n<script nonce="${nonce}" src="${uriOf(`${bundle}.js`)}"></script>`);
}

/** Instead of the panel, when its run cannot be shown. */
export function messageHtml(message: string): string {
  const escaped = message.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
  return page('default-src \'none\'', '', `<main><p role="alert">${escaped}</p></main>`);
}

function page(policy: string, head: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>EFCP Studio</title>
${head}
</head>
<body>
${body}
</body>
</html>`;
}
