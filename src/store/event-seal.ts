export interface EventSealTable {
  position: number
  ordinal: number
  xact: string
  hash: Buffer
}
