import type { TraceContext } from './canonical-rows.js';

/** Does an observation tell anything of its trace? */
export function hasContent(context: TraceContext | null): boolean {
  if (context === null) return false;
  const { sessionId, userId, traceName, release, tags } = context;
  return (sessionId ?? userId ?? traceName ?? release) !== null || tags.length > 0;
}
