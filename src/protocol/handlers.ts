/**
 * One function per message of a union. An object of this type does not compile while a message is unhandled, so there is
 * no `switch` to forget a case in and no default that swallows one.
 */
export type Handlers<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: (message: Extract<Message, { readonly type: Type }>) => void;
};

/** Hands a message to its function. */
export function dispatch<Message extends { readonly type: string }>(handlers: Handlers<Message>, message: Message): void {
  const handle = handlers[message.type as Message['type']] as (message: Message) => void;
  handle(message);
}
