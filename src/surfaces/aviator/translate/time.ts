/** As the vendor's newest endpoints write a time: with microseconds and an offset (section 2.9, no. 16). */
export function writeTime(at: Date): string {
  return at.toISOString().replace('Z', '000+00:00')
}
