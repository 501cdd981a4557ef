import { ChartRenderer } from '../../src/platform/charts/chart-renderer.service.js';
import type { Profiler } from '../../src/platform/profiling/profiler.service.js';
import { CampaignsRepository } from '../../src/tabletop/campaigns/campaigns.repository.js';
import { CampaignLinks } from '../../src/tabletop/links/campaign-links.service.js';
import { LinksRepository } from '../../src/tabletop/links/links.repository.js';
import { LocationEdges } from '../../src/tabletop/locations/location-edges.service.js';
import { LocationEnvironments } from '../../src/tabletop/locations/location-environments.service.js';
import { LocationPictures } from '../../src/tabletop/locations/location-pictures.service.js';
import { LocationTies } from '../../src/tabletop/locations/location-ties.service.js';
import { LocationsRepository } from '../../src/tabletop/locations/locations.repository.js';
import { LocationsService } from '../../src/tabletop/locations/locations.service.js';
import { TravelPaths } from '../../src/tabletop/locations/travel-paths.service.js';
import { BattleMapsRepository } from '../../src/tabletop/maps/battle-maps.repository.js';
import { FoundryScenes } from '../../src/tabletop/maps/foundry-scenes.service.js';
import { MapMarkersRepository } from '../../src/tabletop/maps/map-markers.repository.js';
import { MapMarkers } from '../../src/tabletop/maps/map-markers.service.js';
import { ObjectDesk } from '../../src/tabletop/objects/object-desk.service.js';
import { PlotBeatsRepository } from '../../src/tabletop/plots/plot-beats.repository.js';
import { PlotBeats } from '../../src/tabletop/plots/plot-beats.service.js';
import { PlotsRepository } from '../../src/tabletop/plots/plots.repository.js';
import { PlotsService } from '../../src/tabletop/plots/plots.service.js';
import { StoryReminders } from '../../src/tabletop/plots/story-reminders.service.js';
import { Appearances } from '../../src/tabletop/sessions/appearances.service.js';
import { GameSessions } from '../../src/tabletop/sessions/game-sessions.service.js';
import { SessionsRepository } from '../../src/tabletop/sessions/sessions.repository.js';
import { CampaignCalendars } from '../../src/tabletop/timeline/campaign-calendars.service.js';
import { TimelineRepository } from '../../src/tabletop/timeline/timeline.repository.js';
import { Timeline } from '../../src/tabletop/timeline/timeline.service.js';
import { WorldEvents } from '../../src/tabletop/timeline/world-events.service.js';
import type { TabletopWorld } from './tabletop-world.js';
import type { TestUnits } from './units.js';

const UNTIMED = { time: (_name: string, work: () => unknown) => work() } as unknown as Profiler;

/** Places, sessions, threads and their days over real units of work. */
export function openStory(units: TestUnits, world: TabletopWorld) {
  const { access, objects, objectRows, memberRows, changes, idempotency } = world;
  const desk = new ObjectDesk(units.app, access, objects, idempotency);
  const linkRows = new LinksRepository();
  const links = new CampaignLinks(linkRows, objectRows, access, memberRows, changes);
  const locationRows = new LocationsRepository();
  const locations = new LocationsService(desk, objectRows, locationRows);
  const plotRows = new PlotsRepository();
  const markerRows = new MapMarkersRepository();
  return {
    desk,
    links,
    locations,
    environments: new LocationEnvironments(desk, links, locations),
    edges: new LocationEdges(units.app, desk, links),
    ties: new LocationTies(desk, links),
    paths: new TravelPaths(desk, locationRows, UNTIMED),
    pictures: new LocationPictures(desk, locationRows, new ChartRenderer()),
    sessions: new GameSessions(desk, new SessionsRepository()),
    appearances: new Appearances(desk, links),
    plots: new PlotsService(desk, links, linkRows, plotRows),
    beats: new PlotBeats(desk, new PlotBeatsRepository(), changes),
    reminders: new StoryReminders(desk, plotRows),
    events: new WorldEvents(desk, locations),
    timeline: new Timeline(desk, new TimelineRepository()),
    markers: new MapMarkers(desk, markerRows, objectRows, changes),
    scenes: new FoundryScenes(desk, new BattleMapsRepository(), markerRows, changes),
    calendars: new CampaignCalendars(desk, new CampaignsRepository(), changes),
  };
}

export type Story = ReturnType<typeof openStory>;
