/**
 * Downloads one file from the first of several addresses that serves it: what breaks off goes on where it stopped, also in a later
 * call; the file appears under its name when its check has passed.
 */
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataRefusal } from './dataRefusal';
import { discardPart, RefusedByServer, sizeOf, transfer } from './transfer';

export interface Patience {
  /** Tries in a row that bring nothing. */
  readonly fruitless: number;
  readonly pauseMs: number;
  readonly silentMs: number;
}

export const usualPatience: Patience = { fruitless: 3, pauseMs: 1000, silentMs: 30_000 };

export interface Download {
  /** Where it shall be. */
  readonly file: string;
  readonly addresses: readonly string[];
  /** Length as published. */
  readonly bytes: number;
  /** What is wrong with it, if anything. */
  readonly check: (file: string) => Promise<string | undefined>;
  /** What to do where no address serves. */
  readonly remedy: string;
  readonly signal: AbortSignal;
  readonly patience: Patience;
  readonly onBytes: (bytes: number) => void;
  readonly onTrouble: (message: string) => void;
}

export function partOf(file: string): string {
  return `${file}.part`;
}

export async function download(request: Download): Promise<void> {
  const { file, addresses, signal } = request;
  const part = partOf(file);
  mkdirSync(path.dirname(file), { recursive: true });
  const troubles: string[] = [];
  let wrong = false;
  for (const address of addresses) {
    // What an earlier attempt left may be another file's: then once more, from nothing.
    for (const fromNothing of sizeOf(part) > 0 ? [false, true] : [true]) {
      if (fromNothing) discardPart(part);
      const trouble = await bring(request, address, part);
      const problem = trouble ?? await request.check(part);
      signal.throwIfAborted();
      if (problem === undefined) {
        renameSync(part, file);
        discardPart(part);
        return;
      }
      troubles.push(`${address}: ${trouble ?? `what it sends ${problem}`}.`);
      request.onTrouble(troubles.at(-1) ?? '');
      if (trouble !== undefined) break;
      wrong ||= fromNothing;
      discardPart(part);
    }
  }
  const what = `${path.basename(file)} cannot be fetched.`;
  throw wrong ? new DataRefusal('checksum', what, `What was sent is not the published file, and was removed. ${request.remedy}`, troubles.join('\n'))
    : new DataRefusal('network', what, `What has come is kept, and the command goes on from there. ${request.remedy}`, troubles.join('\n'));
}

/** The whole part from one address, in as many tries as bring something; resolves to why not. */
async function bring({ bytes, signal, patience, onBytes }: Download, address: string, part: string): Promise<string | undefined> {
  let trouble = '';
  for (let fruitless = 0; fruitless < patience.fruitless;) {
    if (sizeOf(part) === bytes) return undefined;
    const before = sizeOf(part);
    try {
      await transfer({ address, part, signal, silentMs: patience.silentMs, onBytes });
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (isOfTheDisk(error)) throw error;
      trouble = inWords(error);
      if (error instanceof RefusedByServer) return trouble;
      fruitless = sizeOf(part) > before ? 1 : fruitless + 1;
      if (fruitless < patience.fruitless) await sleep(patience.pauseMs, undefined, { signal });
    }
  }
  return trouble;
}

function isOfTheDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** What fetch says is in the cause. */
function inWords(error: unknown): string {
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] } };
  const reason = cause?.errors?.[0] ?? cause;
  const said = reason === undefined ? message : reason.message === '' ? reason.code ?? message : reason.message;
  return reason?.code !== undefined && unreachable.includes(reason.code) ? `no connection (${said})` : said;
}

const unreachable: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];
