import { type BookRecipe, type Ingredient, makeRecipeBook, type RecipeBook } from './recipe-book.js';
import type { BookRow } from './recipes.repository.js';

/** The book from its columns. */
export function bookOf(row: BookRow): RecipeBook {
  let next = 0;
  const recipes = (row.ids ?? []).map((id, index): BookRecipe => {
    const end = next + row.counts![index]!;
    const ingredients: Ingredient[] = [];
    for (; next < end; next += 1)
      ingredients.push({ itemId: row.itemIds![next]!, quantity: row.quantities![next]! });
    return {
      id,
      resultItemId: row.resultItemIds![index]!,
      jobId: row.jobIds![index]!,
      level: row.levels![index]!,
      isCustom: row.areCustom![index]!,
      ingredients,
    };
  });
  return makeRecipeBook(recipes);
}
