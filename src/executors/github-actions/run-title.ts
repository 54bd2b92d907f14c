import type { DeclaredInput } from './workflow-file.ts'

/** The title that a run will have, as far as it is known: null stands for whatever GitHub puts there. */
export type Title = readonly (string | null)[]

const expression = /\$\{\{\s*(.*?)\s*\}\}/gs
const input = /^(?:github\.event\.)?inputs\.([A-Za-z_][A-Za-z0-9_-]*)$/

export interface Sent {
  inputs: Readonly<Record<string, string>>
  declared: readonly DeclaredInput[]
  /** Values that nothing else is sent. */
  ids: readonly string[]
}

/** By the workflow's `run-name` and what it is sent. `telling`: no other run is called so. */
export function titleOf(run_name: string | undefined, sent: Sent): { title: Title; telling: boolean } {
  if (run_name === undefined) return { title: [null], telling: false }
  const title: (string | null)[] = []
  let from = 0
  for (const found of run_name.matchAll(expression)) {
    const [, name] = input.exec(found[1] ?? '') ?? []
    title.push(run_name.slice(from, found.index), name === undefined ? null : valueOf(name, sent))
    from = found.index + found[0].length
  }
  title.push(run_name.slice(from))
  return { title, telling: title.some((part, at) => isTelling(title, at) && sent.ids.includes(part ?? '')) }
}

/** Every second part is what an expression became. Beside one that is not known, its borders are not either. */
function isTelling(title: Title, at: number): boolean {
  const borders = (near: number, far: number) => title[near] === '' && title[far] === null
  return at % 2 === 1 && !borders(at - 1, at - 2) && !borders(at + 1, at + 2)
}

function valueOf(name: string, { inputs, declared }: Sent): string {
  return inputs[name] ?? declared.find((one) => one.name === name)?.fallback ?? ''
}

/** Whether a run is called so. */
export function isTitled(shown: string, title: Title): boolean {
  const known: string[] = ['']
  for (const part of title)
    if (part === null) known.push('')
    else known[known.length - 1] += part
  // GitHub takes away what is blank around it.
  const first = known[0]!.trimStart()
  const rest = known.slice(1)
  const last = rest.pop()
  if (last === undefined) return shown.trim() === first.trim()
  const end = shown.length - last.trimEnd().length
  if (!shown.startsWith(first) || !shown.endsWith(last.trimEnd())) return false
  let from = first.length
  for (const part of rest) {
    const found = shown.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return from <= end
}
