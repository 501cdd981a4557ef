import { Injectable } from '@nestjs/common';
import { nameConversation, time } from './span.js';

/** What a service is given to time its own operations; rooms below this one use span.ts directly. */
@Injectable()
export class Profiler {
  /**
   * Runs `work` as a span of the current request or job, and passes on what it returns or throws; outside of both it just runs it.
   * @param operation `<domain>.<verb-noun>`, a name without values: figures are grouped by it
   */
  time<T>(operation: string, work: () => T): T {
    return time(operation, work);
  }

  /** Names the conversation and message that the current request is about, for its rows. */
  nameConversation(conversationId: string, messageId?: string): void {
    nameConversation(conversationId, messageId);
  }
}
