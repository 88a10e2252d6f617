/** Points that no other beats in bytes, time and risk together. Of two with the same risk, that with fewer halvings risks less. */
import { risks, type Risk } from '../protocol/plan';

export interface Weights {
  readonly bytes: number;
  readonly ms: number;
  readonly risk: Risk;
  readonly halvings: number;
}

/** Below zero where the first may do less to the result. */
export function compareRisk(a: Pick<Weights, 'risk' | 'halvings'>, b: Pick<Weights, 'risk' | 'halvings'>): number {
  return risks.indexOf(a.risk) - risks.indexOf(b.risk) || a.halvings - b.halvings;
}

/** Whether a point is at least as good in all three, so that the other need not be kept. */
export function covers(a: Weights, b: Weights): boolean {
  return a.bytes <= b.bytes && a.ms <= b.ms && compareRisk(a, b) <= 0;
}

/** A set of points of which none covers another; of equal ones the first stays. */
export class ParetoFront<Point extends Weights> {
  private kept: Point[] = [];

  get points(): readonly Point[] {
    return this.kept;
  }

  isCovered(point: Weights): boolean {
    return this.kept.some(each => covers(each, point));
  }

  add(point: Point): void {
    if (this.isCovered(point)) return;
    this.kept = this.kept.filter(each => !covers(point, each));
    this.kept.push(point);
  }
}
