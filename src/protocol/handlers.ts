/**
 * One function per message of a union, all with results alike. An object of this type does not compile while a message is unhandled, so there is
 * no `switch` to forget a case in and no default that swallows one.
 */
export type Handlers<Message extends { readonly type: string }, Result = void> = {
  readonly [Type in Message['type']]: (message: Extract<Message, { readonly type: Type }>) => Result;
};

/** Hands a message to its function. */
export function dispatch<Message extends { readonly type: string }, Result = void>(handlers: Handlers<Message, Result>, message: Message): Result {
  const handle = handlers[message.type as Message['type']] as (message: Message) => Result;
  return handle(message);
}
