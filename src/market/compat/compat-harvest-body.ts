import { z } from 'zod';

// Bodies of the original's harvest calls. It takes nearly anything; so does this, as long as it can be stored. What it would have
// passed on to its database is judged here instead.

const id = z.int32().nonnegative();
const whole = z.int().min(-1_000_000).max(1_000_000);

/** `mode=optimize`. A number that is none is the default. */
export const optimizeSchema = z
  .object({
    resourceIds: z.array(z.number()).min(1).max(10_000),
    startX: whole.catch(0).default(0),
    startY: whole.catch(0).default(0),
    maxMoves: z.number().nullish().catch(null),
    /** The former name of the same. */
    maxMaps: z.number().catch(50).default(50),
    excludeSubareaIds: z.array(z.number()).max(10_000).catch([]).default([]),
  })
  .transform(({ maxMoves, maxMaps, ...rest }) => ({ ...rest, budget: maxMoves ?? maxMaps }));

/** `mode=routes`: all of it to add a route, any of it to change one. */
export const routeSchema = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(2_000).nullish(),
  target_job_ids: z.array(id).max(100),
  target_resource_ids: z.array(id).max(500),
  route_data: z.array(z.looseObject({})).max(1_000),
  is_public: z.boolean().optional(),
});
export const routeChangeSchema = routeSchema.partial();

export type RouteChange = z.output<typeof routeChangeSchema>;

/** The first fault in words, for a client that reads no more than a message. */
export function faultText(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'The body cannot be read.' : `${issue.path.join('.')}: ${issue.message}`;
}
