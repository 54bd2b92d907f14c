import type { DeclaredInput } from './workflow-file.ts'

export interface Offer {
  /** Names for the facts, newest generation first. */
  generations: readonly Readonly<Record<string, string>>[]
  /** What is always there, by names of our own. */
  own: Readonly<Record<string, string>>
  /** From headgate.yaml: these win. */
  configured: Readonly<Record<string, string>>
}

/** With `told`: whether the workflow learns what it is about. */
export type Chosen = { inputs: Record<string, string>; told: boolean } | { refused: string }

/**
 * What a workflow is sent: only what it declares, since GitHub refuses all else; of several names for a fact, those of the
 * newest generation of which it declares any, since an older name may mean something else there.
 */
export function chooseInputs(
  declared: readonly DeclaredInput[],
  { generations, own, configured }: Offer,
): Chosen {
  const names = new Set(declared.map(({ name }) => name))
  const strange = Object.keys(configured).filter((name) => !names.has(name))
  if (strange.length > 0)
    return { refused: `it declares no input ${strange.join(', ')}, which headgate.yaml gives it` }
  const generation = generations.find((one) => Object.keys(one).some((name) => names.has(name))) ?? {}
  const offered = { ...own, ...generation, ...configured }
  const inputs = Object.fromEntries(Object.entries(offered).filter(([name]) => names.has(name)))
  const missing = declared.filter(
    ({ name, required, fallback }) => required && fallback === undefined && (inputs[name] ?? '') === '',
  )
  if (missing.length > 0)
    return {
      refused: `it requires ${missing.map(({ name }) => name).join(', ')}, which nothing fills: name it under inputs in headgate.yaml`,
    }
  return { inputs, told: Object.keys(inputs).length > 0 }
}
