/** The folder that a bench writes its report to: one Markdown page and its pictures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from './usageError';

/** Made before the work, which takes minutes. */
export function outputFolder(option: string, wanted: string): string {
  const folder = path.resolve(wanted);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--${option} is ${folder}, which cannot be made (${error instanceof Error ? error.message : String(error)}). Choose a folder that you may write to.`);
  }
  return folder;
}

/** `pictures`: texts of SVG files by name. Returns the path of the page. */
export function writeReport(folder: string, { markdown, pictures }: { readonly markdown: string; readonly pictures: Readonly<Record<string, string>> }): string {
  const page = path.join(folder, 'report.md');
  writeFileSync(page, markdown);
  for (const [name, picture] of Object.entries(pictures)) writeFileSync(path.join(folder, name), picture);
  return page;
}

/** What it all ran on, for the page. */
export function machineName(): string {
  return `${os.availableParallelism()} cores of ${os.cpus()[0]?.model.trim() ?? process.arch}, Node ${process.version}`;
}
