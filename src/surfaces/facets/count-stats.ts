import { countReleaseDays, type ReleaseCount } from '#app/infra/tell-releases.ts'
import type { Place } from './find-place.ts'
import type { Call } from './route.ts'
import { statusWord } from './status.ts'

/** How the releases of a cluster went since a time, all together and day by day. */
export async function countStats(
  { ctx }: Pick<Call, 'ctx'>,
  { project_id, environment_id }: Place,
  from: Date,
) {
  const counts = await countReleaseDays(ctx, { project_id, environment_id, from })
  const days = Map.groupBy(counts, (one) => `${one.day} ${statusWord(one)}`)
  const dateWiseCounts = [...days].map(([key, some]) => {
    const [date = '', status = ''] = key.split(' ')
    return { date, status, count: sum(some) }
  })
  return { stats: statsOf(counts), dateWiseCounts }
}

const failures: readonly string[] = ['FAILED', 'TIMED_OUT', 'INVALID']

/** No difference is neither success nor failure (section 1). */
function statsOf(counts: readonly ReleaseCount[]) {
  const of = (...words: string[]) => sum(counts.filter((one) => words.includes(statusWord(one))))
  return {
    successReleases: of('SUCCEEDED'),
    failedReleases: of(...failures),
    noChangeReleases: of('FAULT'),
    isFirstRelease: of('SUCCEEDED', 'FAULT') === 0,
  }
}

function sum(counts: readonly ReleaseCount[]): number {
  return counts.reduce((total, { count }) => total + count, 0)
}
