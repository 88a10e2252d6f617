/** Everything that is done in the view of step snapshots, and the script that each frame of it takes. Runs in the page. */
import type { SnapshotPage } from './snapshotPage';

declare global {
  interface Window {
    /** Does something turn by turn; by turn: the most script of one frame, with what handled the event, in milliseconds. */
    scriptOf(act: SnapshotAct): Promise<number[]>;
  }
}

/** By name: how many turns. */
export const snapshotActs = {
  'pointer over the timeline': 60, 'drag over the timeline': 60, 'wheel into the timeline': 60, 'pointer over the areas': 60,
  'arrow key': 60, 'page key': 60, 'Home and End': 40, 'arrow key, ranked by buffer': 40, 'page key, ranked by buffer': 40,
  grouping: 40, sorting: 60, 'typing a filter': 48, 'more rows': 10,
} as const;
export type SnapshotAct = keyof typeof snapshotActs;

/** Puts `scriptOf` into the page. */
export async function measureScript({ page }: SnapshotPage): Promise<void> {
  await page.evaluate(install, snapshotActs);
}

function install(turns: typeof snapshotActs): void {
  // Events made by script have no pointer to capture.
  Element.prototype.setPointerCapture = () => undefined;
  const scriptMs = new Map<number, number>();
  const original = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = callback => original(time => {
    const begun = performance.now();
    callback(time);
    scriptMs.set(time, (scriptMs.get(time) ?? 0) + performance.now() - begun);
  });

  const find = (selector: string) => document.querySelector<HTMLElement>(selector)!;
  const pointer = (box: string, type: string, across: number, down = 0.5) => {
    const stage = find(box);
    const { left, top, width, height } = stage.getBoundingClientRect();
    stage.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: left + 70 + across * (width - 80), clientY: top + down * height }));
  };
  const key = (name: string) => find('.timeline-box').dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, key: name }));
  const wheel = (deltaY: number) => {
    const { left, top, width } = find('.timeline-box').getBoundingClientRect();
    find('.timeline-box').dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true, deltaY, clientX: left + width / 2, clientY: top + 100 }));
  };
  const enter = (control: string, type: string, value: string) => {
    const field = find(`[data-control="${control}"]`) as HTMLInputElement | HTMLSelectElement;
    field.value = value;
    field.dispatchEvent(new Event(type, { bubbles: true }));
  };
  const group = (value: string) => enter('group', 'change', value);
  const filter = (text: string) => enter('filter', 'input', text);
  const sorts = ['name', 'bytes', 'count'] as const;
  const typed = 'activations conv2 model.ts:12';
  const acts: Readonly<Record<SnapshotAct, (turn: number) => unknown>> = {
    'pointer over the timeline': turn => pointer('.timeline-box', 'pointermove', (turn * 37 % 100) / 100),
    'drag over the timeline': turn => pointer('.timeline-box', turn % 20 === 0 ? 'pointerdown' : turn % 20 === 19 ? 'pointerup' : 'pointermove', 0.2 + turn % 20 / 40),
    'wheel into the timeline': turn => wheel(turn % 20 < 10 ? -1 : 1),
    'pointer over the areas': turn => pointer('.treemap-box', 'pointermove', (turn * 37 % 100) / 100, (turn * 13 % 100) / 100),
    'arrow key': turn => key(turn % 3 === 2 ? 'ArrowLeft' : 'ArrowRight'),
    'page key': turn => key(turn % 60 < 45 ? 'PageDown' : 'PageUp'),
    'Home and End': turn => key(['Home', 'End', 'p'][turn % 3]!),
    'arrow key, ranked by buffer': turn => key(turn % 3 === 2 ? 'ArrowLeft' : 'ArrowRight'),
    'page key, ranked by buffer': turn => key(turn % 40 < 20 ? 'PageDown' : 'PageUp'),
    grouping: turn => group(['layer', 'buffer', 'operation', 'source', 'category'][turn % 5]!),
    sorting: turn => find(`[data-sort="${sorts[Math.floor(turn / 2) % 3]!}"]`).click(),
    'typing a filter': turn => filter(typed.slice(0, turn % typed.length + 1)),
    'more rows': () => find('[data-action="more"]').click(),
  };
  /** What the view looks like before. */
  const first: Partial<Record<SnapshotAct, () => unknown>> = {
    'arrow key': () => { key('Escape'); key('p'); }, 'page key': () => key('Home'),
    'arrow key, ranked by buffer': () => { key('p'); group('buffer'); }, 'page key, ranked by buffer': () => key('Home'),
    sorting: () => { key('p'); group('buffer'); },
  };
  window.scriptOf = async act => {
    first[act]?.();
    await window.drawn();
    const most: number[] = [];
    for (let turn = 0; turn < turns[act]; turn++) {
      scriptMs.clear();
      const begun = performance.now();
      acts[act](turn);
      const handler = performance.now() - begun;
      await window.drawn();
      const [next = 0, ...later] = scriptMs.values();
      most.push(Math.max(handler + next, ...later));
    }
    return most;
  };
}
