import type { Context } from '#app/context.ts'
import type { Place } from '#app/content/content-place.ts'
import type { ContentTypeView } from '#app/content/get-content-type.ts'
import type { UidOf } from '../ids.ts'

/** What every part of an export is written with. */
export interface Writing {
  ctx: Context
  place: Place
  api_key: string
  environments: UidOf
  locales: string[]
  types: ContentTypeView[]
}
