import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { SHOWN_RUN_FIELDS } from './run-columns.js';
import { NATIVE_SOURCES } from './run-terms.js';

/** Whose runs somebody sees: one's own, and what others show to everybody, which another provider's data never is. */
const VISIBLE = `(user_id = $2 OR (visibility = 'public' AND status = 'finished' AND source = ANY ($3)))`;

/** Runs across owners, for the platform's role: the statements themselves say who may see what. */
@Injectable()
export class VisibleRunsRepository {
  findStatement(id: string, viewerId: string): Statement {
    return {
      name: 'running.visible-runs.find-run',
      text: `SELECT ${SHOWN_RUN_FIELDS} FROM running.run WHERE id = $1 AND ${VISIBLE}`,
      values: [id, viewerId, [...NATIVE_SOURCES]],
    };
  }
}
