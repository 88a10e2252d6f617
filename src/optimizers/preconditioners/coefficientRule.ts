/** What the gram of a window says about the row just inserted: the coefficients of u = sum_r coefficients[r] * row r. */
export interface GramView {
  readonly gram: Float64Array; // [m, m], row-major; zero beyond the filled rows
  /** m */
  readonly size: number;
  /** Rows written so far, the first ones. */
  readonly filled: number;
  /** The row just inserted. Row r is (slot - r + m) mod m steps old. */
  readonly slot: number;
}

export interface CoefficientRule<Solver> {
  /** Of the preconditioner as a whole. */
  readonly name: string;
  /** What the rule holds for a window of `size` rows, and starts from whatever the gram then is. */
  init(size: number): Solver;
  /** Writes `coefficients`, of the first `filled` rows. */
  solve(view: GramView, solver: Solver, coefficients: Float64Array): void;
}
