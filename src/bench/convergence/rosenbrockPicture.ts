import { trajectoryChart } from '../../exports/plots/trajectoryChart';
import { rosenbrock, rosenbrockMinimum, type RosenbrockPath } from './rosenbrock';

/** The text of an SVG file. */
export function rosenbrockPicture(paths: readonly RosenbrockPath[]): string {
  return trajectoryChart(paths.map(({ label, points, loss }, index) => ({ label, points, note: `f = ${loss.toExponential(1)} at the end`, color: index + 1 })), {
    title: 'Rosenbrock\'s valley from (−½, 1), a dot a step',
    description: `Paths over the level lines of the function; the cross is its minimum at (1, 1). ${paths.map(({ label, loss }) => `${label} ends at ${loss.toExponential(1)}`).join('; ')}.`,
    value: rosenbrock, levels: [0.5, 2, 8, 30, 120, 400], minimum: rosenbrockMinimum, x: [-1.25, 1.5], y: [-0.5, 1.75],
  });
}
