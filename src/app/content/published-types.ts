import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { contentModel, typesOf } from './content-model.ts'
import type { Place } from './content-place.ts'
import {
  readContentType,
  readContentTypes,
  type ContentTypeKey,
  type ContentTypeQuery,
  type ContentTypeView,
} from './get-content-type.ts'

interface At {
  environment_id?: string
}

/** The content types as readers see them: as they are now, for they are not deployed. Throws `not_found`. */
export async function getPublishedContentType(
  ctx: Context,
  key: ContentTypeKey & At,
): Promise<ContentTypeView> {
  authorizeTypes(ctx, key)
  return readContentType(ctx, key)
}

/** Latest updated first. Throws `not_found` (the branch). */
export async function listPublishedContentTypes(
  ctx: Context,
  query: ContentTypeQuery & At,
): Promise<{ content_types: ContentTypeView[]; total?: number }> {
  authorizeTypes(ctx, query)
  return readContentTypes(ctx, query)
}

/** All of a branch by uid, remembered: what readers' questions and answers are understood by. Empty without it. */
export async function publishedTypes(
  ctx: Context,
  asked: Place & At,
): Promise<ReadonlyMap<string, ContentTypeView>> {
  authorizeTypes(ctx, asked)
  const branch_id = (await contentModel(ctx, asked.project_id)).branches.get(asked.branch)
  return branch_id === undefined ? new Map() : typesOf(ctx, branch_id)
}

function authorizeTypes(ctx: Context, { project_id, branch, environment_id }: Place & At): void {
  authorize(ctx, 'live.read', { project_id, branch, ...(environment_id ? { environment_id } : {}) })
}
