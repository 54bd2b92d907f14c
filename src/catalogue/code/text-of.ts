import { isUtf8 } from 'node:buffer'

let western: TextDecoder | undefined

/**
 * Text of bytes that are mostly UTF-8: git says in no other encoding what it was told the encoding of. What is none is
 * read as Windows-1252, which has a character for nearly every byte; the rest shows as U+FFFD.
 */
export function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  western ??= new TextDecoder('windows-1252')
  return western.decode(bytes)
}

/** Controls, and what turns the direction of the text around it. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]+/g

/** One line of at most so many characters, well formed, with nothing in it that is not seen. */
export function lineOf(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(unseen, ' ')
    .trim()
    .toWellFormed()
  return line.length > most ? `${line.slice(0, most - 1).toWellFormed()}…` : line
}
