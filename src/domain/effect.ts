import type { Json } from './json.ts'

/** What a plan does to one thing inside an item: a resource of Terraform in a module. */
export type EffectAction = 'create' | 'read' | 'update' | 'replace' | 'delete' | 'forget'

/** One attribute before and after. Null: not there. Of what is secret neither is said. */
export interface AttributeChange {
  /** A path: `spec.ports[0].port`. */
  attribute: string
  before: Json
  after: Json
  sensitive?: boolean
  /** Known only once it is applied; `after` is null. */
  unknown?: boolean
}

export interface Effect {
  item_key: string
  /** Where Terraform finds it: `module.service__api.terraform_data.this`. */
  address: string
  action: EffectAction
  attributes: readonly AttributeChange[]
}

/** How one thing differs from what it was left as. */
export interface DriftedThing {
  item_key: string
  address: string
  action: 'update' | 'delete'
  attributes: readonly (AttributeChange & { ignored?: boolean })[]
  /** All of it is ignored. */
  ignored?: boolean
}
