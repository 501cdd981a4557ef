import { createReadStream, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { Figures } from '../agent-analytics/figures/figures.service.js';
import { ExportFileError } from '../agent-analytics/langfuse/langfuse-export.reader.js';
import { LANGFUSE_DOMAIN } from '../agent-analytics/langfuse/langfuse.source.js';
import { ExportImport, importNote } from '../agent-analytics/store/export-import.service.js';
import type { Env } from '../platform/config/env.js';
import { StartupError } from '../platform/config/startup-error.js';
import { SyncDesk } from '../platform/sync/sync-desk.service.js';

export const AGENTS_USAGE = `  agents check [--project <name>]  do the keys and the address of each project of Langfuse work? exit code 1 when not
  agents rebuild [--project <name>]
                                   make all figures anew from what was copied
  agents import --file <file> [--project <name>]
                                   take over a file of Langfuse's blob export, JSON lines, plain or gzip; safe to repeat`;

type Say = (line: string) => void;

/** What operators do with agent analytics. @throws StartupError with a sentence for them */
export async function runAgentsCommand(
  app: INestApplicationContext,
  env: Env,
  words: readonly string[],
  say: Say,
): Promise<void> {
  if (!env.domains.includes(LANGFUSE_DOMAIN)) throw new StartupError('DOMAINS leaves agent-analytics out.');
  const { command, project, file } = parse(words);
  const known = env.langfuse.map(({ name }) => name);
  if (project !== undefined && !known.includes(project))
    throw new StartupError(
      `There is no project ${project}; the settings name ${known.join(', ') || 'none'}.`,
    );
  const projects = project === undefined ? known : [project];
  if (projects.length === 0) throw new StartupError('The settings name no project of Langfuse.');
  if (command === 'check') return check(app.get(SyncDesk), projects, say);
  if (command === 'rebuild') return rebuild(app.get(Figures), projects, say);
  return importFile(app.get(ExportImport), projects[0]!, file!, say);
}

async function check(desk: SyncDesk, projects: readonly string[], say: Say): Promise<void> {
  let isOk = true;
  for (const name of projects) {
    const found = await desk.check(LANGFUSE_DOMAIN, `langfuse:${name}`);
    say(`${name}: ${found!.detail}`);
    isOk &&= found!.isOk;
  }
  if (!isOk) throw new StartupError('Not every project can be read.');
}

async function rebuild(figures: Figures, projects: readonly string[], say: Say): Promise<void> {
  for (const name of projects) {
    await figures.rebuildAll(name, new AbortController().signal);
    say(`${name}: figures made anew`);
  }
}

async function importFile(imports: ExportImport, project: string, path: string, say: Say): Promise<void> {
  const writtenAt = fileTime(path);
  try {
    const report = await imports.importFile(project, createReadStream(path), writtenAt);
    say(`${project}: ${importNote(report)}`);
  } catch (error) {
    if (!(error instanceof ExportFileError)) throw error;
    throw new StartupError(`${path}: ${error.message} What came before is kept.`);
  }
}

function fileTime(path: string): Date {
  try {
    return statSync(path).mtime;
  } catch (error) {
    throw new StartupError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

interface Options {
  command: string;
  project: string | undefined;
  file: string | undefined;
}

function parse(words: readonly string[]): Options {
  const options = { project: { type: 'string' }, file: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const [command = '', ...more] = positionals;
    const isKnown = ['check', 'rebuild', 'import'].includes(command) && more.length === 0;
    if (isKnown && (command === 'import') === (values.file !== undefined))
      return { command, project: values.project, file: values.file };
  } catch {
    // an unknown option: the usage says which there are
  }
  throw new StartupError(`Usage:\n${AGENTS_USAGE}`);
}
