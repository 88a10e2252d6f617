/**
 * Lets editors attach to a run: sends every event, takes control messages. Listens on a unix socket or named pipe that
 * only its owner may open, and believes only who knows the run's token.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import type { RunEvent } from '../protocol/runEvents';
import { controlMessage, helloMessage, wire } from '../protocol/trainer';
import type { Mailbox } from './mailbox';

/** A client that falls this far behind is cut off; it can attach again and read the file. */
const mostUnsentBytes = 8 * 1024 * 1024;

export interface ControlServer {
  broadcast(event: RunEvent): void;
  /** Lets what was sent arrive, then hangs up. */
  close(): Promise<void>;
}

export async function listenForControl({ socket: address, token }: { readonly socket: string; readonly token: string }, mailbox: Mailbox): Promise<ControlServer> {
  const clients = new Map<Socket, MessageConnection>();
  let sent: Promise<unknown> = Promise.resolve();
  const server = createServer(socket => { greet(socket, token, mailbox, clients); });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  if (process.platform !== 'win32') chmodSync(address, 0o600);
  return {
    broadcast: event => {
      sent = Promise.all([...clients].map(([socket, connection]) => {
        if (socket.writableLength > mostUnsentBytes) socket.destroy();
        return connection.sendNotification(wire.event, event).catch(() => socket.destroy());
      }));
    },
    close: async () => {
      server.close();
      // Writing takes turns of the event loop, and the last event is the one that everybody waits for.
      await sent;
      await Promise.all([...clients.keys()].map(hangUp));
      if (process.platform !== 'win32') rmSync(address, { force: true });
    },
  };
}

function greet(socket: Socket, token: string, mailbox: Mailbox, clients: Map<Socket, MessageConnection>): void {
  const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  connection.onNotification(wire.hello, (message: unknown) => {
    if (helloMessage.safeParse(message).data?.token === token) clients.set(socket, connection);
    else socket.destroy();
  });
  connection.onNotification(wire.control, (message: unknown) => {
    const checked = controlMessage.safeParse(message);
    if (clients.has(socket) && checked.success) mailbox.post(checked.data);
  });
  connection.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    clients.delete(socket);
    connection.dispose();
  });
  connection.listen();
}

/** Ends one connection; a client that does not read is not waited for. */
async function hangUp(socket: Socket): Promise<void> {
  await new Promise<void>(resolve => {
    socket.once('close', () => { resolve(); });
    setTimeout(() => { socket.destroy(); }, 1000).unref();
    socket.end();
  });
}
