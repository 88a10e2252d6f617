/** What a chart has painted, read back from its canvas; where one lies above another, from the lower. */
import type { WebviewPage } from './webviewPage';

export interface Paint {
  /** Same picture, same text. */
  readonly digest: string;
  /** Colors that cover at least one in a thousand pixels, as `r,g,b`. */
  readonly colors: readonly string[];
}

export async function paintOf({ page }: WebviewPage, chart: string): Promise<Paint> {
  return page.locator(`[data-chart="${chart}"] canvas`).first().evaluate(node => {
    const canvas = node as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map<string, number>();
    let hash = 0;
    for (let index = 0; index < data.length; index += 4) {
      const [r, g, b, alpha] = [data[index]!, data[index + 1]!, data[index + 2]!, data[index + 3]!];
      hash = (hash * 31 + r * 7 + g * 5 + b * 3 + alpha) | 0;
      if (alpha === 255) counts.set(`${r},${g},${b}`, (counts.get(`${r},${g},${b}`) ?? 0) + 1);
    }
    const least = canvas.width * canvas.height / 1000;
    return { digest: `${hash} ${canvas.width}x${canvas.height}`, colors: [...counts].filter(([, count]) => count >= least).map(([color]) => color) };
  });
}

