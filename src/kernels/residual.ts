/** What compression has left out so far, as it is held: float32, bfloat16, or codes of 8 or 4 bits. */
import type { Quantized } from './quantization';

export type Residual =
  | { readonly bits: 32; readonly entries: Float32Array /* [d] */ }
  | { readonly bits: 16; readonly entries: Uint16Array /* [d] */ }
  | Quantized;
