/** Takes bytes as they come and gives records of so many fields, each ended by a NUL. */
export interface RecordReader {
  read(chunk: Uint8Array): Generator<Buffer[]>
}

/** Of a longer field the beginning is given. */
const mostBytes = 64 * 1024

export function openRecordReader(fields: number): RecordReader {
  let record: Buffer[] = []
  /** What has come of the field that is not complete. */
  let begun: Buffer[] = []
  let size = 0

  function take(last: Buffer): Buffer {
    if (begun.length === 0) return last.subarray(0, mostBytes)
    const field = Buffer.concat([...begun, last.subarray(0, Math.max(0, mostBytes - size))])
    begun = []
    size = 0
    return field
  }

  return {
    *read(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let from = 0
      for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
        record.push(take(bytes.subarray(from, end)))
        from = end + 1
        if (record.length < fields) continue
        yield record
        record = []
      }
      const rest = bytes.subarray(from, from + Math.max(0, mostBytes - size))
      // A copy: what comes from a pipe is a part of a larger buffer.
      if (rest.length > 0) begun.push(Buffer.from(rest))
      size += rest.length
    },
  }
}
