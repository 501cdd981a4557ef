import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A session, a player or a trace whose texts are not kept. Nobody's own: names no player but by a digest; stays for good, since Langfuse may give the texts again. */
@Entity({ schema: 'agent_analytics', name: 'text_erasure', comment: 'owner=none; erase=none' })
@Check('ck_text_erasure_kind', `(kind = ANY (ARRAY['session'::text, 'player'::text, 'trace'::text]))`)
export class TextErasureEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_text_erasure' })
  projectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_text_erasure' })
  kind: string;

  /** An id of a session or a trace; of a player the SHA-256 of project and id. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_text_erasure' })
  key: string;

  @Column('timestamptz', { name: 'erased_at', default: () => 'now()' })
  erasedAt: Date;
}
