/** Messages of TensorBoard's event files (event.proto, summary.proto, tensor.proto), by their published field numbers. */
import { double, float, part, whole } from '../protobuf';

const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const value = { tag: 1, simple: 2, image: 4, tensor: 8, metadata: 9 } as const;
const tensor = { type: 1, shape: 2, text: 8 } as const;
const [floatType, textType] = [1, 7];

/** Where an event stands: seconds since 1970, and the step. */
export interface Moment {
  readonly seconds: number;
  readonly step: number;
}

/** Must be the first of a file. */
export function fileVersion(seconds: number): Buffer {
  return Buffer.concat([double(event.wallTime, seconds), part(event.fileVersion, 'brain.Event:2')]);
}

export function summary({ seconds, step }: Moment, values: readonly Buffer[]): Buffer {
  return Buffer.concat([double(event.wallTime, seconds), whole(event.step, step), part(event.summary, values.map(each => part(1, each)))]);
}

export function scalar(tag: string, figure: number): Buffer {
  return Buffer.concat([part(value.tag, tag), float(value.simple, figure)]);
}

export interface Png {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

export function image(tag: string, { width, height, bytes }: Png): Buffer {
  const rgba = 4;
  return Buffer.concat([part(value.tag, tag), part(value.image, [whole(1, height), whole(2, width), whole(3, rgba), part(4, bytes)])]);
}

/** Markdown, which the Text tab renders. */
export function words(tag: string, markdown: string): Buffer {
  const oneText = Buffer.alloc(0);
  return Buffer.concat([part(value.tag, tag), metadata('text', Buffer.alloc(0)), part(value.tensor, [whole(tensor.type, textType), part(tensor.shape, oneText), part(tensor.text, markdown)])]);
}

/** What a plugin keeps for itself; its tensor is empty. */
export function pluginData(tag: string, plugin: string, content: Uint8Array): Buffer {
  const none = part(2, whole(1, 0));
  return Buffer.concat([part(value.tag, tag), metadata(plugin, content), part(value.tensor, [whole(tensor.type, floatType), part(tensor.shape, none)])]);
}

function metadata(plugin: string, content: Uint8Array): Buffer {
  return part(value.metadata, part(1, [part(1, plugin), ...content.length === 0 ? [] : [part(2, content)]]));
}
