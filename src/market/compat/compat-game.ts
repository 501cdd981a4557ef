/** The mount serves one game; its servers and items are those of `/api/v1/market/games/dofus`. */
export const COMPAT_GAME = 'dofus';
