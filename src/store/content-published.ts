export interface ContentPublishedTable {
  environment_id: string
  item_id: string
  locale: string
  branch_id: string
  kind: 'entry' | 'asset'
  content_type_uid: string | null
  version: number
  source_locale: string
  published_by: string | null
  published_at: Date
  deployment_id: string
}
