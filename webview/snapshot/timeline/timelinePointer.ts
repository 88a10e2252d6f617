/** What a pointer does to a timeline: it hovers, drags a stretch, clicks an instant, turns its wheel. Places are pixels from the left edge. */
export interface PointerActions {
  hover(x: number | undefined): void;
  /** While a stretch is dragged; undefined when it ends. */
  brush(from: number | undefined, to: number | undefined): void;
  zoomTo(from: number, to: number): void;
  choose(x: number): void;
  zoom(x: number, closer: boolean): void;
  pan(pixels: number): void;
  whole(): void;
}

/** Pixels that a click may tremble. */
const tremble = 4;

export function followPointer(stage: HTMLElement, actions: PointerActions): void {
  let pressed: number | undefined;
  const placeOf = (event: MouseEvent) => event.clientX - stage.getBoundingClientRect().left;
  const isDrag = (x: number) => pressed !== undefined && Math.abs(x - pressed) > tremble;
  stage.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    pressed = placeOf(event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', event => {
    const x = placeOf(event);
    if (isDrag(x)) actions.brush(pressed, x);
    else actions.hover(x);
  });
  stage.addEventListener('pointerup', event => {
    const x = placeOf(event);
    const from = pressed;
    if (from === undefined) return;
    const wasDrag = isDrag(x);
    pressed = undefined;
    actions.brush(undefined, undefined);
    if (wasDrag) actions.zoomTo(from, x);
    else actions.choose(x);
  });
  stage.addEventListener('pointercancel', () => { pressed = undefined; actions.brush(undefined, undefined); });
  stage.addEventListener('pointerleave', () => actions.hover(undefined));
  stage.addEventListener('dblclick', () => actions.whole());
  // Without a key the wheel scrolls the page, as everywhere.
  stage.addEventListener('wheel', event => {
    if (event.ctrlKey || event.metaKey) actions.zoom(placeOf(event), event.deltaY < 0);
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) actions.pan(event.deltaX === 0 ? event.deltaY : event.deltaX);
    else return;
    event.preventDefault();
  }, { passive: false });
}
