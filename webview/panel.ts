/** The whole panel of one run: what it is made of and where each part stands. */
import { createAnatomySection } from './anatomy/anatomySection';
import { createBackendSection } from './backendSection';
import { createChanges } from './changes';
import { accuracyChart } from './charts/accuracyChart';
import { ChartCard } from './charts/chartCard';
import { createDiagnosticsSection } from './charts/diagnosticsSection';
import { lossChart } from './charts/lossChart';
import { memoryChart } from './charts/memoryChart';
import type { PlanningMessage } from '../src/protocol/panel';
import type { Component, Pictures } from './component';
import { createKnobsForm } from './controls/knobsForm';
import { element, setAttribute } from './dom';
import { createBanner } from './header/banner';
import { createDigest } from './header/digest';
import { createHeader } from './header/header';
import { createKeyFigures } from './header/keyFigures';
import { createMeasuredBeside } from './memory/measuredBeside';
import { createPredictedBeside } from './memory/predictedBeside';
import { createPeakTable } from './memory/peakTable';
import { createSnapshotsSection } from './memory/snapshotsSection';
import { createSavings } from './memory/savings';
import { createStoredPeakView } from './memory/storedPeakView';
import { createThreeWayBar } from './memory/threeWayBar';
import { Forecasts } from './planning/forecasts';
import { PlanClient } from './planning/planClient';
import { createPlanSection } from './planning/planSection';
import { createRestingScheduler } from './restingScheduler';
import type { View } from './store';
import type { Palette } from './theme';
import type { Post } from './vscodeApi';

export interface Panel extends Omit<Pictures, 'pieces'> {
  /** An answer to what the panel asked. */
  receive(answer: PlanningMessage): void;
}

/** `redraw` asks for the next frame. */
export function createPanel(post: Post, palette: Palette, redraw: () => void): Panel {
  const forecasts = new Forecasts(post, redraw);
  const plans = new PlanClient(post, redraw);
  const charts = { memory: new ChartCard(memoryChart, palette, post), loss: new ChartCard(lossChart, palette, post), accuracy: new ChartCard(accuracyChart, palette, post) };
  const diagnostics = createDiagnosticsSection(post, palette);
  const plan = createPlanSection(post, plans, palette);
  const parts = {
    plan,
    header: createHeader(post), banner: createBanner(post), figures: createKeyFigures(), digest: createDigest(),
    threeWay: createThreeWayBar(), peak: createPeakTable(), stored: createStoredPeakView(), savings: createSavings(), beside: createMeasuredBeside(), predicted: createPredictedBeside(),
    knobs: createKnobsForm(post, forecasts), anatomy: createAnatomySection(), changes: createChanges(post), snapshots: createSnapshotsSection(post), backend: createBackendSection(),
  };
  const pictures: readonly Pictures[] = [...Object.values(charts), diagnostics, plan];
  const whole = arrange({ ...parts, diagnostics }, charts);
  let shown: View | undefined;
  const pieces = () => {
    const view = shown;
    if (view === undefined) return [];
    const drawing = [...pictures.flatMap(picture => picture.pieces(view)), () => { setAttribute(whole, 'data-stale', view === shown ? undefined : true); }];
    return drawing.map(piece => () => { if (shown !== undefined) piece(); });
  };
  // Words and figures change with every frame; pictures, which cost most, draw at their own pace.
  const requestPictures = createRestingScheduler(pieces);
  return {
    element: whole,
    render: view => {
      shown = view;
      forecasts.follow(view.state);
      for (const part of Object.values<Component>(parts)) part.render(view);
      setAttribute(whole, 'data-stale', true);
      requestPictures();
    },
    recolor: next => {
      for (const picture of pictures) picture.recolor(next);
      for (const piece of pieces()) piece();
    },
    receive: answer => {
      if (answer.type === 'forecast') forecasts.receive(answer);
      else plans.receive(answer);
    },
    dispose: () => {
      shown = undefined;
      forecasts.dispose();
      for (const picture of pictures) picture.dispose();
    },
  };
}

type PartName =
  | 'header' | 'banner' | 'figures' | 'digest' | 'threeWay' | 'peak' | 'stored' | 'savings' | 'beside' | 'predicted' | 'plan' | 'knobs' | 'anatomy' | 'changes'
  | 'snapshots' | 'backend' | 'diagnostics';
type Parts = Readonly<Record<PartName, Component>>;

function arrange(parts: Parts, charts: Readonly<Record<'memory' | 'loss' | 'accuracy', Component>>): HTMLElement {
  const breakdown = element('div', { class: 'breakdown' }, 
    parts.threeWay.element, parts.peak.element, parts.stored.element, parts.savings.element, parts.predicted.element, parts.beside.element);
  const memory = element('section', { class: 'memory', 'aria-label': 'Memory' },
    element('h2', {}, 'Memory'), element('div', { class: 'split' }, charts.memory.element, breakdown));
  const convergence = element('section', { class: 'convergence', 'aria-label': 'Convergence' },
    element('h2', {}, 'Convergence'), element('div', { class: 'pair' }, charts.loss.element, charts.accuracy.element));
  return element('div', { class: 'panel' },
    parts.header.element, parts.banner.element, parts.figures.element, parts.digest.element,
    element('div', { class: 'body' },
      element('div', { class: 'pictures' }, memory, parts.plan.element, convergence, parts.diagnostics.element),
      element('div', { class: 'levers' }, element('div', { class: 'levers-grid' }, parts.knobs.element, parts.anatomy.element)),
      element('div', { class: 'trail' }, parts.changes.element, parts.snapshots.element, parts.backend.element)));
}
