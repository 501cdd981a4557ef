/** After an object's id: what masters alone have learnt to call it stands beside it, as a thing that they alone see. */
export const MASTERS_NAMES = '/gm';
