/** [width, channels] to [phase, channel, place], channels `pitch` bytes apart: column x goes to phase x % phases, place lead + x / phases. */
import { turnSquare } from './pack';

export function turnRow(from: usize, width: i32, channels: usize, phases: i32, lead: i32, pitch: usize, to: usize): void {
  const columnBytes = channels << 2;
  const whole = channels & ~3;
  for (let phase = 0; phase < phases; phase++, to += channels * pitch) {
    let x = phase;
    let out = to + (<usize>lead << 2);
    const stepBytes = <usize>phases * columnBytes;
    for (; x + 3 * phases < width; x += 4 * phases, out += 16) {
      const column = from + <usize>x * columnBytes;
      let c: usize = 0;
      for (; c < whole; c += 4) turnSquare(column + (c << 2), stepBytes, out + c * pitch, pitch);
      for (; c < channels; c++) {
        for (let i: usize = 0; i < 4; i++) store<f32>(out + c * pitch + (i << 2), load<f32>(column + i * stepBytes + (c << 2)));
      }
    }
    for (; x < width; x += phases, out += 4) {
      for (let c: usize = 0; c < channels; c++) store<f32>(out + c * pitch, load<f32>(from + <usize>x * columnBytes + (c << 2)));
    }
  }
}
