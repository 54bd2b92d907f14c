/** Takes bytes as they come and gives lines. */
export interface LineReader {
  /** The lines that are complete now. */
  read(chunk: Uint8Array): string[]
  /** What came after the last line's end. */
  rest(): string[]
}

const newline = 10

/** Colours and cursor moves, which nobody sees in a log. */
const escapes = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000B-\u001F\u007F]/g

/**
 * Lines of UTF-8, without the end. Of a longer one than `mostBytes` the beginning is kept and said to be one; of what
 * was written over itself (a progress bar) the last; what is no text shows as U+FFFD.
 */
export function openLineReader(mostBytes = 8192): LineReader {
  let parts: Uint8Array[] = []
  let kept = 0
  let dropped = 0

  function add(bytes: Uint8Array): void {
    const room = mostBytes - kept
    if (bytes.length > room) dropped += bytes.length - room
    const fitting = bytes.subarray(0, room)
    // A copy: what comes from a pipe may be a small part of a large buffer.
    if (fitting.length > 0) parts.push(Uint8Array.from(fitting))
    kept += fitting.length
  }

  function take(): string {
    const text = clean(Buffer.concat(parts).toString('utf8'))
    const line = dropped > 0 ? `${text} … (${dropped} more bytes in this line)` : text
    parts = []
    kept = dropped = 0
    return line
  }

  return {
    read(chunk) {
      const lines: string[] = []
      let from = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, end))
        lines.push(take())
        from = end + 1
      }
      add(chunk.subarray(from))
      return lines
    },
    rest: () => (kept + dropped > 0 ? [take()] : []),
  }
}

/** One line as it may be kept and shown. */
export function clean(text: string): string {
  let end = text.length
  while (text[end - 1] === '\r') end -= 1
  const shown = text.slice(0, end)
  return shown
    .slice(shown.lastIndexOf('\r') + 1)
    .replace(escapes, '')
    .replace(controls, '\uFFFD')
    .toWellFormed()
}
