export interface DeploymentItemTable {
  deployment_id: string
  position: number
  item_key: string
  kind: string
  title: string
  action: string
  before: string | null
  after: string | null
  outcome: 'done' | 'unchanged' | 'failed' | 'left'
  code: string | null
  reason: string | null
}
