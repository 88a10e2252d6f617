/** The wire to one trainer: says hello with the run's token, hands on its events, carries the user's wishes. */
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { runEvent, type RunEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { wire, type ControlMessage } from '../protocol/trainer';
import type { Disposable } from './disposable';
import type { Log } from './log';

export type Control = NonNullable<RunRecord['control']>;

export interface TrainerConnection extends Disposable {
  /** Settles when the other side is gone. */
  readonly closed: Promise<void>;
  send(message: ControlMessage): void;
}

export interface ConnectOptions {
  readonly control: Control;
  readonly timeoutMs: number;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly onEvent: (event: RunEvent) => void;
}

/** Milliseconds between two attempts: the trainer needs some time before it listens. */
const retryInterval = 20;

/** Connects as soon as somebody listens; undefined when nobody did in time, or the attempts were ended. */
export async function connectTrainer(options: ConnectOptions): Promise<TrainerConnection | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const socket = await openSocket(options.control.socket);
    if (options.signal.aborted) socket?.destroy();
    else if (socket !== undefined) return talk(socket, options);
    if (options.signal.aborted || performance.now() >= deadline) return undefined;
    await delay(retryInterval);
  }
}

/** Whether somebody listens there. */
export async function isListening(control: Control): Promise<boolean> {
  const socket = await openSocket(control.socket);
  socket?.destroy();
  return socket !== undefined;
}

function openSocket(address: string): Promise<net.Socket | undefined> {
  return new Promise(resolve => {
    const socket = net.connect(address);
    socket.once('connect', () => { socket.removeAllListeners('error'); resolve(socket); });
    socket.once('error', () => { socket.destroy(); resolve(undefined); });
  });
}

function talk(socket: net.Socket, { control, log, onEvent }: ConnectOptions): TrainerConnection {
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  const closed = new Promise<void>(resolve => { socket.once('close', () => resolve()); });
  const failed = (error: unknown) => log.warn(`Trainer connection: ${error instanceof Error ? error.message : String(error)}`);
  connection.onError(([error]) => failed(error));
  connection.onNotification(wire.event, (params: unknown) => {
    const result = runEvent.safeParse(params);
    if (result.success) onEvent(result.data);
    else failed(`a message that is no event (${result.error.issues[0]?.message ?? ''})`);
  });
  connection.listen();
  const notify = (method: string, message: object) => { connection.sendNotification(method, message).catch(failed); };
  notify(wire.hello, { type: 'hello', token: control.token });
  return {
    closed,
    send: message => notify(wire.control, message),
    dispose: () => { connection.dispose(); socket.destroy(); },
  };
}
