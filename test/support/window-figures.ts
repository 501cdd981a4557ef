import { IndexLinksRepository } from '../../src/market/analytics/index-links.repository.js';
import { MarketIndexes } from '../../src/market/analytics/market-indexes.service.js';
import { SeriesFiguresRepository } from '../../src/market/analytics/series-figures.repository.js';
import { WindowFiguresRepository } from '../../src/market/analytics/window-figures.repository.js';
import { WindowFigures } from '../../src/market/analytics/window-figures.service.js';
import type { TestUnits } from './units.js';

/** What brings kept figures up to date, on the database of a test. */
export function openWindowFigures(units: TestUnits): WindowFigures {
  return new WindowFigures(
    units.system,
    new WindowFiguresRepository(),
    new SeriesFiguresRepository(),
    new MarketIndexes(units.app, new IndexLinksRepository()),
  );
}
