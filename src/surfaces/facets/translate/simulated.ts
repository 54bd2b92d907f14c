import type { DifferenceCause, ResourceDifference } from '#app/infra/simulate-release.ts'
import type { Json } from '#domain/json.ts'

/** The vendor's kinds of change (section 2.2); what comes of variables or of the environment is the blueprint's, too. */
const causes = {
  blueprint: 'BLUEPRINT_CHANGES',
  variable: 'BLUEPRINT_CHANGES',
  environment: 'BLUEPRINT_CHANGES',
  modules: 'IAC_CHANGES',
  override: 'OVERRIDE_CHANGES',
  artifact: 'ARTIFACT_CHANGES',
} as const satisfies Record<DifferenceCause, string>

const actions = { added: 'ADDED', changed: 'CHANGED', removed: 'REMOVED' } as const

/** What a release would change, attribute by attribute; of what comes or goes as a whole, the resource. */
export function writeDifference({ type, name, action, changes }: ResourceDifference) {
  return changes.map(({ cause, attribute, before, after }) => ({
    changeType: causes[cause],
    action: actions[action],
    ...{ resourceType: type, resourceName: name },
    ...(attribute === '' ? {} : { attribute }),
    ...said('oldValue', before),
    ...said('newValue', after),
  }))
}

function said(field: 'oldValue' | 'newValue', value: Json) {
  if (value === null) return {}
  return { [field]: typeof value === 'string' ? value : JSON.stringify(value) }
}
