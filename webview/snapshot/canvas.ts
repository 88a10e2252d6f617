/** A canvas as sharp as the screen: sizes its pixels, clears it, and counts in pixels of the page. */

export interface Picture { readonly context: CanvasRenderingContext2D; readonly width: number; readonly height: number }

export function beginPicture(canvas: HTMLCanvasElement): Picture | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (context === null || width === 0 || height === 0) return undefined;
  const ratio = devicePixelRatio;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
