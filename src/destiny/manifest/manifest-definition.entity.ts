import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_manifest_definition' };

/**
 * A definition of the game, in one partition per version. Nobody's own; keyed by (version, table, hash); immutable; dropped with its
 * version's partition once another one is current. It has no foreign key: the function that makes the partition looks for the version.
 */
@Entity({ schema: 'destiny', name: 'manifest_definition', comment: 'owner=none; erase=none' })
@Index('ix_manifest_definition_name_fold_trgm', ['nameFold'], {
  type: 'gin', // with gin_trgm_ops
  where: '(name_fold IS NOT NULL)',
})
export class ManifestDefinitionEntity {
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'version_id' })
  versionId: number;

  /** The table, such as DestinyInventoryItemDefinition. */
  @PrimaryColumn('text', { ...PRIMARY_KEY })
  type: string;

  /** Unsigned, 32 bits. */
  @PrimaryColumn('bigint', { ...PRIMARY_KEY })
  hash: number;

  /** Search key of its name (fold-words.ts). */
  @Column('text', { name: 'name_fold', nullable: true })
  nameFold: string | null;

  @Column('jsonb')
  json: Record<string, unknown>;
}
