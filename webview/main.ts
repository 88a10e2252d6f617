/** The panel's script: listens to the host, keeps the view, draws once per frame. */
import './main.css';
import type { ToPanel } from '../src/protocol/panel';
import { createPanel, type Panel } from './panel';
import { createScheduler } from './scheduler';
import { createStore } from './store';
import { observeTheme, readPalette } from './theme';
import { connect } from './vscodeApi';

const api = connect();
const root = document.querySelector('#app') ?? document.body;
let panel: Panel | undefined;
let shownRun: string | undefined;
let recolored = false;

const draw = createScheduler(() => {
  const { view } = store;
  if (view === undefined) return;
  if (panel === undefined || view.run.directory !== shownRun) show(view.run.directory);
  else if (recolored) panel.recolor(readPalette(document.body));
  recolored = false;
  panel?.render(view);
});
const store = createStore(draw);

/** Another run gets a panel of its own: nothing of the one before is left. */
function show(runDirectory: string): void {
  panel?.dispose();
  shownRun = runDirectory;
  panel = createPanel(message => api.postMessage(message), readPalette(document.body), draw);
  root.replaceChildren(panel.element);
  api.setState({ runDirectory });
}

observeTheme(() => {
  recolored = true;
  draw();
});
addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  if (data.type === 'snapshot' || data.type === 'update') store.receive(data);
  else panel?.receive(data);
});
api.postMessage({ type: 'ready' });
