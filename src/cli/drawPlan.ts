/** The picture of a plan, as a file. */
import { planChart } from '../exports/charts/planChart';
import { writeExport } from '../exports/exportFile';
import { pictureOf } from '../exports/pictures/picture';
import type { Plan } from '../protocol/plan';

/** What came of it, in words. */
export async function drawPlan(target: string, plan: Plan, name: string): Promise<string> {
  const scene = planChart(plan, name);
  if (scene === undefined) return 'efcp: no picture, since fewer than two combinations are worth one';
  await writeExport(target, [pictureOf(scene, target.endsWith('.svg') ? 'svg' : 'png')]);
  return `efcp: wrote ${target}`;
}
