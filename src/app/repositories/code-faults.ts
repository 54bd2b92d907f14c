import { pathPatternFault } from '#catalogue/code/path-pattern-fault.ts'
import type { FieldFault } from '#domain/errors.ts'
import { isZone } from '#domain/freeze-rule.ts'
import { deployFaults } from '../configuration/deploy-settings.ts'
import type { DeclaredCode } from './declare-code.ts'
import { isBranchName } from './head-of.ts'

const repositoryName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/

/** Everything that can be said against it without looking at the store. */
export async function codeFaults(
  { repository, paths = [], tag_patterns = [], cut, build, branch_prefix, ...code }: DeclaredCode,
  now: Date,
): Promise<FieldFault[]> {
  const faults: FieldFault[] = []
  const wrong = (field: string, detail: string) => faults.push({ field, fault: 'invalid', detail })
  if (repository && !repositoryName.test(repository.name))
    wrong('repository.name', 'must be org/name: letters, digits, _ and, not at the beginning, . and -')
  const branch = repository?.branch
  if (branch !== undefined && branch !== null && !isBranchName(branch))
    wrong('repository.branch', 'is no name that git has for a branch')
  for (const [index, pattern] of paths.entries()) {
    const fault = pathPatternFault(pattern)
    if (fault) wrong(`paths.${index}`, fault)
  }
  for (const [index, pattern] of tag_patterns.entries())
    if (!isBranchName(pattern.replaceAll(/[*?[\]]/g, 'x')))
      wrong(`tag_patterns.${index}`, 'matches no tag that git can have')
  const zones = { time_zone: code.time_zone, 'cut.time_zone': cut?.time_zone }
  for (const [field, zone] of Object.entries(zones))
    if (zone !== undefined && !isZone(zone)) wrong(field, `${zone.slice(0, 60)} is no time zone`)
  if (code.time_zone && cut?.time_zone && code.time_zone !== cut.time_zone)
    wrong('cut.time_zone', `differs from time_zone (${code.time_zone}): a project has one`)
  for (const [key, detail] of build ? deployFaults(build, 'code') : []) wrong(`build.${key}`, detail)
  if (!isBranchName(`${branch_prefix}x`)) wrong('branch_prefix', 'begins no name that git has for a branch')
  if (faults.length === 0 && cut?.cron)
    faults.push(...(await cronFaults(cut.cron, cut.time_zone ?? code.time_zone, now)))
  return faults
}

/** The clock's library is read only by who needs it. */
async function cronFaults(cron: string, zone = 'UTC', now: Date): Promise<FieldFault[]> {
  const { isCutCron } = await import('#domain/cut-time.ts')
  if (isCutCron(cron, zone, now)) return []
  const detail = 'must be five fields (minute, hour, day, month, weekday) that some time matches'
  return [{ field: 'cut.cron', fault: 'invalid', detail }]
}
