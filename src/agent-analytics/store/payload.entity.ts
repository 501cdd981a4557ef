import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Texts of a trace or an observation. Nobody's own; keyed by the row and its time, in one partition per UTC month, dropped as a whole after AGENT_PAYLOAD_MONTHS. */
@Entity({ schema: 'agent_analytics', name: 'payload', comment: 'owner=none; erase=none' })
@Check('ck_payload_kind', `(kind = ANY (ARRAY['trace'::text, 'observation'::text]))`)
export class PayloadEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_payload' })
  projectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_payload' })
  kind: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_payload' })
  id: string;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'pk_payload' })
  at: Date;

  @Column('json', { nullable: true })
  input: unknown;

  @Column('json', { nullable: true })
  output: unknown;

  @Column('json', { nullable: true })
  metadata: unknown;
}
