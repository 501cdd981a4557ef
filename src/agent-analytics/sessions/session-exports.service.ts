import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { chapterName, chapterOf } from '../figures/chapters.js';
import type { StoryNames } from '../figures/story-names.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import type { SessionExportDto } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';
import { transcriptFileName, transcriptMarkdown } from './transcript-markdown.js';

export interface ExportFile {
  /** Without a sign that means anything in a header or a path. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Transcripts as files. */
@Injectable()
export class SessionExports {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  async markdown(caller: Principal, id: string, project: string | undefined): Promise<ExportFile> {
    const transcript = await this.sessions.transcript(caller, id, project);
    return {
      name: transcriptFileName(id, 'md'),
      type: 'text/markdown; charset=utf-8',
      bytes: Buffer.from(transcriptMarkdown(transcript, (tag) => chapterTitle(tag, this.names))),
    };
  }

  async json(caller: Principal, id: string, project: string | undefined): Promise<ExportFile> {
    const { traces: _left, ...session } = await this.sessions.find(caller, id, project);
    const { turns } = await this.sessions.transcript(caller, id, project);
    const file: SessionExportDto = { ...session, turns };
    return {
      name: transcriptFileName(id, 'json'),
      type: 'application/json; charset=utf-8',
      bytes: Buffer.from(`${JSON.stringify(file, null, 2)}\n`),
    };
  }
}

function chapterTitle(tag: string, names: StoryNames): string {
  const chapter = chapterOf([tag], names);
  return chapter === null ? tag : chapterName(chapter, names);
}
