import { AlertEntity } from './alerts/alert.entity.js';
import { AlertStateEntity } from './alerts/alert-state.entity.js';
import { FigureChangeEntity } from './analytics/figure-change.entity.js';
import { FigureVersionEntity } from './analytics/figure-version.entity.js';
import { IndexLinkEntity } from './analytics/index-link.entity.js';
import { StaleSeriesEntity } from './analytics/stale-series.entity.js';
import { WindowFigureEntity } from './analytics/window-figure.entity.js';
import { CalendarDayEntity } from './calendar/calendar-day.entity.js';
import { CalendarSourceEntity } from './calendar/calendar-source.entity.js';
import { CategoryEntity } from './catalog/category.entity.js';
import { GameEntity } from './catalog/game.entity.js';
import { ItemEntity } from './catalog/item.entity.js';
import { ItemEffectEntity } from './catalog/item-effect.entity.js';
import { ItemTypeEntity } from './catalog/item-type.entity.js';
import { JobEntity } from './catalog/job.entity.js';
import { RecipeEntity } from './catalog/recipe.entity.js';
import { RecipeIngredientEntity } from './catalog/recipe-ingredient.entity.js';
import { ServerEntity } from './catalog/server.entity.js';
import { SourceEntity } from './catalog/source.entity.js';
import { ObservationFlagEntity } from './flags/observation-flag.entity.js';
import { HarvestMapEntity } from './harvest/harvest-map.entity.js';
import { HarvestResourceEntity } from './harvest/harvest-resource.entity.js';
import { HarvestRouteEntity } from './harvest/harvest-route.entity.js';
import { HarvestSubareaEntity } from './harvest/harvest-subarea.entity.js';
import { DayChangeEntity } from './dumps/day-change.entity.js';
import { DumpEntity } from './dumps/dump.entity.js';
import { HistoryImportEntity } from './imports/history-import.entity.js';
import { HistoryImportPartEntity } from './imports/history-import-part.entity.js';
import { LatestEntity } from './prices/latest.entity.js';
import { DecidedObservationEntity } from './observations/decided-observation.entity.js';
import { WithheldObservationEntity } from './observations/withheld-observation.entity.js';
import { ObservationEntity } from './prices/observation.entity.js';
import { ServerVersionEntity } from './prices/server-version.entity.js';
import { MemberRoleEntity } from './roles/member-role.entity.js';
import { DailyEntity } from './rollups/daily.entity.js';
import { DetachedMonthEntity } from './rollups/detached-month.entity.js';
import { DirtyBatchEntity } from './rollups/dirty-batch.entity.js';
import { RollupVersionEntity } from './rollups/rollup-version.entity.js';
import { WindowStatEntity } from './rollups/window-stat.entity.js';
import { DemoFillEntity } from './simulation/demo-fill.entity.js';
import { TradeTermsEntity } from './terms/trade-terms.entity.js';
import { ListEntity } from './lists/list.entity.js';
import { ListItemEntity } from './lists/list-item.entity.js';
import { MessageEntity } from './messages/message.entity.js';
import { MessageReadEntity } from './messages/message-read.entity.js';
import { FavouriteEntity } from './profiles/favourite.entity.js';
import { ProfileEntity } from './profiles/profile.entity.js';
import { StockEntity } from './stock/stock.entity.js';

/** Every table of the schema `market`. */
export const MARKET_ENTITIES = [
  GameEntity,
  ServerEntity,
  CategoryEntity,
  ItemTypeEntity,
  JobEntity,
  ItemEntity,
  RecipeEntity,
  RecipeIngredientEntity,
  SourceEntity,
  ObservationEntity,
  WithheldObservationEntity,
  DecidedObservationEntity,
  LatestEntity,
  ServerVersionEntity,
  HistoryImportEntity,
  HistoryImportPartEntity,
  DailyEntity,
  WindowStatEntity,
  DirtyBatchEntity,
  RollupVersionEntity,
  DetachedMonthEntity,
  DemoFillEntity,
  MemberRoleEntity,
  TradeTermsEntity,
  ObservationFlagEntity,
  HarvestResourceEntity,
  HarvestSubareaEntity,
  HarvestMapEntity,
  AlertEntity,
  AlertStateEntity,
  WindowFigureEntity,
  StaleSeriesEntity,
  FigureVersionEntity,
  HarvestRouteEntity,
  CalendarSourceEntity,
  CalendarDayEntity,
  ItemEffectEntity,
  ProfileEntity,
  FavouriteEntity,
  ListEntity,
  ListItemEntity,
  StockEntity,
  MessageEntity,
  MessageReadEntity,
  IndexLinkEntity,
  DayChangeEntity,
  DumpEntity,
  FigureChangeEntity,
] as const;
