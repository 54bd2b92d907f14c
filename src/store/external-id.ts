export interface ExternalIdTable {
  surface: string
  kind: string
  external: string
  internal: string
}
