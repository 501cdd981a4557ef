/**
 * Metres from one foot's landing to the other's: speed * 60 / cadence.
 * @param cadenceSpm steps of both feet per minute, above 0. TCX and Strava tell one leg's: twice that.
 */
export function strideLengthM(speedMps: number, cadenceSpm: number): number {
  return (speedMps * 60) / cadenceSpm;
}
