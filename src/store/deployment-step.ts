export interface DeploymentStepTable {
  deployment_id: string
  attempt: number
  name: 'plan' | 'apply'
  started_at: Date
  finished_at: Date | null
  outcome: string | null
}
