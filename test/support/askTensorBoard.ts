/** Asks TensorBoard's own reader. */
import { askPython } from './askPython';

export interface TensorBoardAnswer {
  readonly version: string;
  readonly scalars: Readonly<Record<string, readonly (readonly [step: number, value: number, wallTime: number])[]>>;
  readonly images: Readonly<Record<string, readonly [width: number, height: number]>>;
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly hparams: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: readonly string[];
  readonly group: string;
  readonly status: number;
}

export function askTensorBoard(folder: string): TensorBoardAnswer | { readonly missing: string } {
  const asked = askPython('tensorboard', 'askTensorBoard.py', folder);
  return 'missing' in asked ? asked : asked.answer as TensorBoardAnswer;
}
