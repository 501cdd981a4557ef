import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A catalyst as the live manifest's presentation nodes have it. Nobody's own; keyed by its record's hash; replaced as a whole with each
 * version that becomes current. Empty while no manifest is there: the built-in list holds then.
 */
@Entity({ schema: 'destiny', name: 'catalyst_definition', comment: 'owner=none; erase=none' })
export class CatalystDefinitionEntity {
  @PrimaryColumn('bigint', { name: 'record_hash', primaryKeyConstraintName: 'pk_catalyst_definition' })
  recordHash: number;

  @Column('bigint', { name: 'weapon_hash' })
  weaponHash: number;

  /** Facts of one catalyst in the form of the built-in list. */
  @Column('jsonb')
  facts: Record<string, unknown>;

  /** Of the manifest that it was derived from. */
  @Column('text')
  version: string;
}
