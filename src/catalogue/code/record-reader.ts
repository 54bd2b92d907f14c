import { isUtf8 } from 'node:buffer'
import { textOf } from './text-of.ts'

/** Takes bytes as they come and gives records of so many fields, each ended by a NUL, as text. */
export interface RecordReader {
  /** The records that are complete now. */
  read(chunk: Uint8Array): string[][]
}

/** Of a longer field the beginning is given, in bytes or in characters. */
const most = 64 * 1024

export function openRecordReader(fields: number): RecordReader {
  let record: string[] = []
  /** What has come of a field that is not complete. */
  let begun: Buffer[] = []
  let size = 0

  function keep(rest: Buffer): void {
    const fitting = rest.subarray(0, Math.max(0, most - size))
    size += rest.length
    // A copy: what comes from a pipe is a part of a larger buffer.
    if (fitting.length > 0) begun.push(Buffer.from(size > most ? whole(fitting) : fitting))
  }

  return {
    read(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const last = bytes.lastIndexOf(0)
      if (last < 0) {
        keep(bytes)
        return []
      }
      const first = bytes.indexOf(0)
      keep(bytes.subarray(0, first))
      const texts = begun.length > 0 ? [textOf(Buffer.concat(begun))] : ['']
      if (first < last) texts.push(...split(bytes.subarray(first + 1, last)))
      begun = []
      size = 0
      keep(bytes.subarray(last + 1))
      const records: string[][] = []
      for (const text of texts) {
        record.push(text.length > most ? text.slice(0, most) : text)
        if (record.length === fields) {
          records.push(record)
          record = []
        }
      }
      return records
    },
  }
}

/** Together where all of it is UTF-8, as nearly always: one by one it takes much longer. */
function split(bytes: Buffer): string[] {
  if (isUtf8(bytes)) return bytes.toString('utf8').split('\0')
  const texts: string[] = []
  let from = 0
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
    texts.push(textOf(bytes.subarray(from, end)))
    from = end + 1
  }
  return [...texts, textOf(bytes.subarray(from))]
}

/** Without the beginning of a character of UTF-8 whose rest was cut off. */
function whole(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && bytes.length - end < 3 && (bytes[end - 1]! & 0xc0) === 0x80) end -= 1
  return end > 0 && bytes[end - 1]! >= 0xc0 ? bytes.subarray(0, end - 1) : bytes
}
