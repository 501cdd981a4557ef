import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ConversationEntity } from './conversation.entity.js';
import type { AnswerMode, RunState } from './message-parts.js';

/** The answering of one message. Owned as its conversation is; keyed by a UUIDv7; deleted with its conversation. */
@Entity({ schema: 'destiny', name: 'agent_run', comment: 'owner=user; erase=destiny-conversations' })
@Unique('uq_agent_run_question', ['questionId'])
@ForeignKey(() => ConversationEntity, ['userId', 'conversationId'], ['userId', 'id'], {
  name: 'fk_agent_run_conversation',
  onDelete: 'CASCADE',
})
@Check(
  'ck_agent_run_state',
  `state = ANY (ARRAY['running'::text, 'complete'::text, 'error'::text, 'cancelled'::text])`,
)
@Check('ck_agent_run_mode', `mode = ANY (ARRAY['rules'::text, 'llm'::text])`)
@Index('ix_agent_run_owner', ['userId', 'conversationId'])
@Index('ix_agent_run_running', ['userId'], { where: `(state = 'running'::text)` })
export class AgentRunEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_agent_run' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  /** The message that is answered. */
  @Column('uuid', { name: 'question_id' })
  questionId: string;

  /** The message that answers; null while it runs. */
  @Column('uuid', { name: 'answer_id', nullable: true })
  answerId: string | null;

  @Column('text', { default: 'running' })
  state: RunState;

  @Column('text', { nullable: true })
  mode: AnswerMode | null;

  /** Begin of the prompt's SHA-256; null where no model was asked. */
  @Column('text', { name: 'prompt_version', nullable: true })
  promptVersion: string | null;

  /** Times that the model was asked. */
  @Column('integer', { name: 'round_count', default: 0 })
  roundCount: number;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
