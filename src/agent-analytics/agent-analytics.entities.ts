import { AgentAlertEntity } from './alerts/alert.entity.js';
import { AgentDayEntity } from './figures/agent-day.entity.js';
import { AgentRunEntity } from './figures/agent-run.entity.js';
import { ChapterDayEntity } from './figures/chapter-day.entity.js';
import { FigureVersionEntity } from './figures/figure-version.entity.js';
import { DirtyDayEntity } from './figures/dirty-day.entity.js';
import { DirtyProjectEntity } from './figures/dirty-project.entity.js';
import { SessionFigureEntity } from './figures/session-figure.entity.js';
import { TextErasureEntity } from './erasures/text-erasure.entity.js';
import { SessionTextEntity } from './figures/session-text.entity.js';
import { TurnEntity } from './figures/turn.entity.js';
import { TraceFigureEntity } from './figures/trace-figure.entity.js';
import { TraceGapEntity } from './figures/trace-gap.entity.js';
import { DirtySessionEntity } from './store/dirty-session.entity.js';
import { DirtyTraceEntity } from './store/dirty-trace.entity.js';
import { PayloadEntity } from './store/payload.entity.js';
import { RawObservationEntity } from './store/raw-observation.entity.js';
import { RawScoreEntity } from './store/raw-score.entity.js';
import { RawSessionEntity } from './store/raw-session.entity.js';
import { RawTraceEntity } from './store/raw-trace.entity.js';

/** Tables of agent analytics. */
export const AGENT_ANALYTICS_ENTITIES = [
  RawSessionEntity,
  RawTraceEntity,
  RawObservationEntity,
  RawScoreEntity,
  PayloadEntity,
  DirtyTraceEntity,
  DirtySessionEntity,
  TraceFigureEntity,
  SessionFigureEntity,
  AgentRunEntity,
  ChapterDayEntity,
  AgentDayEntity,
  TurnEntity,
  DirtyDayEntity,
  DirtyProjectEntity,
  SessionTextEntity,
  TextErasureEntity,
  TraceGapEntity,
  AgentAlertEntity,
  FigureVersionEntity,
] as const;
