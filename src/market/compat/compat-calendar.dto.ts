export class CompatTributeDto {
  id: number;
  name: string;
  icon_url: string | null;
  level: number | null;
  /** Newest price of one unit, if it was seen in the last three days. */
  last_price: number | null;
}

export class CompatAlmanaxDayDto {
  /** `2026-11-28`. */
  date: string;
  quantity: number;
  bonus_description: string;
  item: CompatTributeDto;
}

export class CompatCronDto {
  success: boolean;
  message: string;
  /** Days that came. */
  processed: number;
  /** Days that were asked for. */
  attempted: number;
  /** Of the next 90 days, those that are still not known. */
  remaining: number;
}
