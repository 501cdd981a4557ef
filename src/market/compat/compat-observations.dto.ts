export class CompatObservationDto {
  id: number;
  item_id: number;
  server: string;
  /** Kamas for one unit. */
  price_unit_avg: number;
  /** ISO-8601 with `+00:00`. */
  captured_at: string;
  nb_lots: number;
  source_client: string;
}

export class CompatObservationAddedDto {
  status: 'ok';
  /** The row that says what was sent; an earlier one where it repeats a price. */
  data: CompatObservationDto;
}

export class CompatObservationChangedDto {
  status: 'ok';
  updated_id: number;
}

export class CompatObservationDeletedDto {
  status: 'ok';
  deleted_id: number;
}
