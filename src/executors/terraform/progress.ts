import type { Change } from '#domain/plan.ts'
import type { ItemResult } from '#executors/contract.ts'
import type { Bundle } from './kept-plan.ts'
import { describeDiagnostic, type Diagnostic, type Message } from './message.ts'

/** Which things an apply was at, which of them it finished, and which broke. */
export interface Progress {
  hear(message: Message): void
  /** Whether anything was begun at all. */
  begun(): boolean
  /** Each change's own result, for an apply that did not come to its end. */
  results(changes: readonly Change[], errors: readonly Diagnostic[]): ItemResult[]
}

/** Effects of a kept plan, by what became of them. */
export function openProgress(effects: Bundle['effects']): Progress {
  const started = new Set<string>()
  const completed = new Map<string, Set<string>>()
  const errored = new Set<string>()
  const byItem = Map.groupBy(effects, ({ item_key }) => item_key)

  function isDone({ address, action }: Bundle['effects'][number]): boolean {
    const deeds = completed.get(address)
    if (errored.has(address) || !deeds) return false
    return action === 'replace' ? deeds.has('create') && deeds.has('delete') : deeds.size > 0
  }

  function resultOf({ key, action }: Change, errors: readonly Diagnostic[]): ItemResult {
    const its = byItem.get(key) ?? []
    // What only the state would say is written at the very end, which this did not come to.
    const left = its.filter((effect) => !isDone(effect))
    if (action === 'none' || (its.length > 0 && left.length === 0)) return { key, outcome: 'done' }
    const addresses = new Set(left.map(({ address }) => address))
    const said = errors.filter(({ address }) => address !== undefined && addresses.has(address))
    const broke = said.map(describeDiagnostic).join(' ')
    const begun = left.some(({ address }) => started.has(address))
    const reason = broke || (begun ? 'It was begun and not finished.' : 'It was not begun.')
    const code = broke ? 'apply_failed' : begun ? 'not_finished' : 'not_begun'
    return { key, outcome: 'failed', code, reason: reason.slice(0, 2000).toWellFormed() }
  }

  return {
    hear({ type, hook }) {
      if (!hook) return
      const { address, action } = hook
      if (type === 'apply_start' || type === 'provision_start') started.add(address)
      if (type === 'apply_errored' || type === 'provision_errored') errored.add(address)
      if (type !== 'apply_complete') return
      completed.set(address, (completed.get(address) ?? new Set()).add(action))
    },
    begun: () => started.size > 0,
    results: (changes, errors) => changes.map((change) => resultOf(change, errors)),
  }
}
