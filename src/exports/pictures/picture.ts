/** A scene as the file that a format asks for. */
import { paint, type Pixels } from './paint';
import { png } from './png';
import type { Scene } from './scene';
import { svgScene } from './svgScene';

/** Pixels for one of the scene's. */
const scale = 2;

export function pixelsOf(scene: Scene): Pixels {
  return paint(scene, scale);
}

export function pictureOf(scene: Scene, format: 'svg' | 'png'): string | Buffer {
  return format === 'svg' ? svgScene(scene) : png(pixelsOf(scene), scene.title);
}
