/** A picture as shapes in pixels, from back to front; y grows downwards. Written as SVG (svgScene.ts) or painted (paint.ts). */
export type Place = readonly [x: number, y: number];

interface Fill {
  /** `#rrggbb` */
  readonly fill: string;
  /** From 0 to 1; absent: 1. */
  readonly opacity?: number;
}

export interface Area extends Fill {
  readonly kind: 'area';
  readonly points: readonly Place[];
  /** What it shows, for who points at it. */
  readonly about?: string;
}

export interface Stroke {
  readonly kind: 'stroke';
  readonly points: readonly Place[];
  readonly color: string;
  readonly width: number;
  /** Lengths of marks and gaps. */
  readonly dash?: readonly [mark: number, gap: number];
}

export interface Words {
  readonly kind: 'words';
  readonly text: string;
  readonly at: Place;
  readonly size: number;
  readonly color: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

export type Shape = Area | Stroke | Words;

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The picture in a sentence or two, for those who do not see it. */
  readonly description: string;
  readonly shapes: readonly Shape[];
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string, about?: string): Area {
  return { kind: 'area', points: [[x, y], [x + width, y], [x + width, y + height], [x, y + height]], fill, ...about === undefined ? {} : { about } };
}

export function disc([x, y]: Place, radius: number, fill: string): Area {
  const corners = 16;
  return { kind: 'area', fill, points: Array.from({ length: corners }, (_, at) => [x + radius * Math.cos(2 * Math.PI * at / corners), y + radius * Math.sin(2 * Math.PI * at / corners)] as const) };
}

export function stroke(points: readonly Place[], color: string, width: number, dash?: Stroke['dash']): Stroke {
  return { kind: 'stroke', points, color, width, ...dash === undefined ? {} : { dash } };
}

export function words(text: string, at: Place, color: string, { size = 12, anchor = 'start', bold = false }: Partial<Pick<Words, 'size' | 'anchor' | 'bold'>> = {}): Words {
  return { kind: 'words', text, at, size, color, anchor, bold };
}
