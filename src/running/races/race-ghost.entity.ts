import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { GhostType } from '../ghosts/ghost-kinds.js';
import { RaceEntity } from './race.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_race_ghost' };

/** A ghost of a race; the first is its course. Owned and deleted as its race is; it stays when the ghost is gone. */
@Entity({ schema: 'running', name: 'race_ghost', comment: 'owner=user; erase=running-races' })
@Unique('uq_race_ghost', ['raceId', 'ghostId'])
@ForeignKey(() => RaceEntity, ['userId', 'raceId'], ['userId', 'id'], {
  name: 'fk_race_ghost_race',
  onDelete: 'CASCADE',
})
@Index('ix_race_ghost_owner', ['userId', 'raceId'])
@Index('ix_race_ghost_origin', ['originGhostId', 'curveVersion'])
export class RaceGhostEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'race_id' })
  raceId: string;

  @PrimaryColumn('integer', PRIMARY_KEY)
  position: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** As the race's owner named it. */
  @Column('uuid', { name: 'ghost_id' })
  ghostId: string;

  /** Whose curve it is. */
  @Column('uuid', { name: 'origin_ghost_id' })
  originGhostId: string;

  /** The version of the curve that the race is run against, from the first start on; null before. */
  @Column('integer', { name: 'curve_version', nullable: true })
  curveVersion: number | null;

  /** Its name and kind when the race was made. */
  @Column('text')
  name: string;

  @Column('text')
  type: GhostType;
}
