import type { AskedAs, ToldRelease } from '#app/infra/tell-releases.ts'
import { releaseTypes, typeNote, type ReleaseType } from '../words.ts'

type Shaped = Pick<
  ToldRelease,
  'annotations' | 'dry_run' | 'selected_keys' | 'deletes' | 'deploys_plan' | 'rolls_back'
>

/** As what it was asked for; what was asked for elsewhere is called by what it is. */
export function releaseTypeOf(told: Shaped): ReleaseType {
  const noted = told.annotations[typeNote]
  const known = releaseTypes.find((type) => type === noted)
  if (known) return known
  if (told.deletes) return 'DESTROY'
  const selected = told.selected_keys !== null
  if (told.dry_run) return selected ? 'HOTFIX_PLAN' : 'PLAN'
  return selected ? 'HOTFIX' : 'RELEASE'
}

/** The same the other way round: which releases are called so. */
export function askedAs(type: ReleaseType): AskedAs {
  return { annotation: typeNote, value: type, shape: shapes[type] ?? null }
}

const shapes: { [T in ReleaseType]?: AskedAs['shape'] } = {
  RELEASE: { dry_run: false, selected: false, deletes: false },
  HOTFIX: { dry_run: false, selected: true, deletes: false },
  PLAN: { dry_run: true, selected: false, deletes: false },
  HOTFIX_PLAN: { dry_run: true, selected: true, deletes: false },
}

export const planTypes: readonly ReleaseType[] = ['PLAN', 'HOTFIX_PLAN', 'ROLLBACK_PLAN']
const rollbackTypes: readonly ReleaseType[] = ['ROLLBACK_PLAN', 'APPLY_ROLLBACK_PLAN']

export function isRollback(told: Shaped): boolean {
  return told.rolls_back !== null || rollbackTypes.includes(releaseTypeOf(told))
}
