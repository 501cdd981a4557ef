import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/**
 * A client that reports prices. Keyed by (name, version, is simulated), so no client can pass for the simulator by its name;
 * nobody's own; added by the first batch that names it, never deleted.
 */
@Entity({ schema: 'market', name: 'source', comment: 'owner=none; erase=none' })
@Unique('uq_source_name_version_simulated', ['name', 'version', 'isSimulated'])
export class SourceEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_source',
  })
  id: number;

  @Column('text')
  name: string;

  /** Empty for a client that names none. */
  @Column('text', { default: '' })
  version: string;

  /** Its prices are made up; every native answer says so. */
  @Column('boolean', { name: 'is_simulated', default: false })
  isSimulated: boolean;
}
