/** Lines of text kept as bytes of UTF-8, one after another, since a hundred thousand strings cost more than they hold. */
export class KeptLines {
  private readonly text: Buffer;
  private readonly starts: Float64Array;

  constructor(lines: readonly string[]) {
    this.starts = new Float64Array(lines.length + 1);
    lines.forEach((line, place) => { this.starts[place + 1] = this.start(place) + Buffer.byteLength(line); });
    this.text = Buffer.allocUnsafeSlow(this.start(lines.length));
    lines.forEach((line, place) => { this.text.write(line, this.start(place)); });
  }

  get bytes(): number {
    return this.text.byteLength + this.starts.byteLength;
  }

  line(place: number): string {
    return this.text.toString('utf8', this.start(place), this.start(place + 1));
  }

  private start(place: number): number {
    return this.starts[place] ?? 0;
  }
}
