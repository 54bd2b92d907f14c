import type { ContentTypeView } from '#app/content/get-content-type.ts'
import type { UidOf } from '../ids.ts'
import { writeField } from './field.ts'
import { writeTime } from './time.ts'

/** A content type (section 3.3). The constants are what the vendor answers for every type made by hand. */
export function writeContentType(type: ContentTypeView, users: UidOf): { [field: string]: unknown } {
  return {
    created_at: writeTime(type.created_at),
    updated_at: writeTime(type.updated_at),
    created_by: users(type.created_by),
    updated_by: users(type.updated_by),
    title: type.title,
    uid: type.uid,
    _version: type.version,
    inbuilt_class: false,
    schema: type.fields.map(writeField),
    last_activity: {},
    maintain_revisions: true,
    description: type.description,
    DEFAULT_ACL: { others: { read: false, create: false }, management_token: { read: true } },
    SYS_ACL: { roles: [], others: {} },
    options: { is_page: false, singleton: false, title: 'title', sub_title: [], ...type.options },
    abilities: {
      get_one_object: true,
      get_all_objects: true,
      create_object: true,
      update_object: true,
      delete_object: true,
      delete_all_objects: true,
    },
  }
}
