import { readFile } from 'node:fs/promises'

const docs = new URL('../../docs/executors/', import.meta.url)

/** A block of a language on a page of docs/executors, the first where no other is asked for. */
export async function exampleOf(page: string, language: string, which = 0): Promise<string> {
  const text = await readFile(new URL(page, docs), 'utf8')
  const blocks = [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))]
  const [, example = ''] = blocks[which] ?? []
  return example
}
