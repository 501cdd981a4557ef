/**
 * A piece of an answer that a page shows as such: facts of a tool under its name, or something that the player may have done. An action
 * is only offered: the page does it when the player says so, with the player's own token.
 */
export type AnswerCard = FactsCard | ActionCard;

export interface FactsCard {
  readonly type: 'facts';
  /** The tool whose answer it is. */
  readonly tool: string;
  readonly facts: unknown;
}

export interface ActionCard {
  readonly type: 'action';
  readonly label: string;
  readonly method: 'POST';
  /** Path on this server. */
  readonly path: string;
}

/** Bungie is asked for the player's profile anew. */
export const REFRESH_ACTION: ActionCard = {
  type: 'action',
  label: 'Ask Bungie for the newest figures',
  method: 'POST',
  path: '/api/v1/destiny/sync',
};

/** The facts under the name of their tool; where a player asks how old they are, the offer to ask for newer ones too. */
export function cardsOf(tool: string, facts: Readonly<Record<string, unknown>>): AnswerCard[] {
  const card: FactsCard = { type: 'facts', tool, facts };
  return tool === 'data_age' && facts['link'] === 'linked' ? [card, REFRESH_ACTION] : [card];
}
