import { z } from 'zod';

/** A bank has some thousand places. */
const MAX_LINES = 5_000;
const MAX_INT4 = 2_147_483_647;
const MAX_MONEY = 1e12;

const id = z.number().int().min(1).max(MAX_INT4);

/** What a plan is asked for. */
export const CRAFT_PLAN_WISH = z
  .strictObject({
    profileId: z
      .uuid()
      .optional()
      .describe("The caller's profile whose bank is used; either this or `stock`"),
    stock: z
      .array(z.strictObject({ itemId: id, quantity: z.number().int().min(1).max(MAX_INT4) }))
      .max(MAX_LINES)
      .optional()
      .describe('What there is; lines of the same item are summed'),
    budget: z.number().min(0).max(MAX_MONEY).default(0).describe('For purchases, in the coin of the game'),
    maxPerRecipe: z.number().int().min(1).max(1_000).default(100).describe('Crafts of one recipe'),
    jobs: z
      .array(
        z.strictObject({
          jobId: id.describe("The game's own id"),
          level: z.number().int().min(1).max(1_000),
        }),
      )
      .max(100)
      .optional()
      .describe('What the caller can craft; recipes of no job always. Without it: everything'),
    recipeIds: z
      .array(id)
      .min(1)
      .max(500)
      .optional()
      .describe('Only these, and what they are made of; without it: all that can use the stock'),
    includeCustom: z
      .boolean()
      .default(false)
      .describe('Also recipes that players have added; those that `recipeIds` names are taken anyway'),
    valueStockAt: z
      .enum(['market', 'nothing'])
      .default('market')
      .describe('What is taken from the stock counts at what selling it would bring, or at nothing'),
  })
  .superRefine(({ profileId, stock }, context) => {
    if ((profileId === undefined) === (stock === undefined))
      context.addIssue({ code: 'custom', path: ['stock'], message: 'is needed, or profileId, and not both' });
  });

export type CraftPlanWish = z.output<typeof CRAFT_PLAN_WISH>;
