/** The value that a hand holds over a control until it lets go: by the pointer at once, by keys once they rest. */

/** How long keys must rest, so that a held key asks for one change, not thirty. */
const keyRestMs = 400;

export class Draft<Value> {
  private held: { readonly value: Value } | undefined;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly settle: () => void) {}

  get isHeld(): boolean {
    return this.held !== undefined;
  }

  /** What is held, or else `otherwise`. */
  or(otherwise: Value): Value {
    return this.held === undefined ? otherwise : this.held.value;
  }

  hold(value: Value): void {
    clearTimeout(this.rest);
    this.held = { value };
  }

  settleAtRest(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(this.settle, keyRestMs);
  }

  /** Lets go; undefined where nothing was held. */
  release(): { readonly value: Value } | undefined {
    clearTimeout(this.rest);
    const { held } = this;
    this.held = undefined;
    return held;
  }
}
