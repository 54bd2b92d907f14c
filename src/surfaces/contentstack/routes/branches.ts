import { createBranch } from '#app/content/create-branch.ts'
import { getBranchAlias, listBranchAliases, type AliasView } from '#app/content/get-branch-alias.ts'
import { getBranch, listBranches, type BranchView } from '#app/content/get-branch.ts'
import { removeBranchAlias } from '#app/content/remove-branch-alias.ts'
import { removeBranch } from '#app/content/remove-branch.ts'
import { setBranchAlias } from '#app/content/set-branch-alias.ts'
import { invalidField } from '#domain/errors.ts'
import { namedBranch } from '../auth.ts'
import type { branches } from '../endpoints/branches.ts'
import { authorsOf } from '../names.ts'
import { filter, flag, page, type Query } from '../query.ts'
import { answering, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { writeTime } from '../translate/time.ts'
import { AliasTarget, NewBranch } from '../wire/branch.ts'
import { NoticeAnswer } from '../wire-answers.ts'
import { OneAlias, OneBranch, type AliasAnswer, type BranchAnswer } from '../wire-answers/branch.ts'

const aliased = ({ params }: StackCall) => params.alias ?? ''

/** A branch is there, whole, when its making is answered, whatever the vendor's notice says. */
export const branchRoutes: Routes<typeof branches> = {
  create: answering(
    OneBranch,
    makes(NewBranch, async (call: StackCall, { branch: { uid, source } }) => {
      const { ctx, house, project_id } = call
      const from = await namedBranch(house, project_id, source || undefined)
      const made = await createBranch(ctx, { project_id, uid, source: from })
      const notice = 'Your branch creation is in progress. Please refresh in a while.'
      return { notice, branch: await answerBranch(call, made) }
    }),
  ),

  list: reads(async (call: StackCall) => {
    const all = matching(await listBranches(call.ctx, call), call.query)
    return listed(call, 'branches', all, answerBranches)
  }),

  get: answering(
    OneBranch,
    reads(async (call: StackCall) => {
      const { ctx, project_id, params } = call
      return {
        branch: await answerBranch(call, await getBranch(ctx, { project_id, uid: params.branch ?? '' })),
      }
    }),
  ),

  remove: answering(
    NoticeAnswer,
    reads(async ({ ctx, project_id, params }: StackCall) => {
      await removeBranch(ctx, { project_id, uid: params.branch ?? '' })
      return { notice: 'Your branch deletion is in progress. Please refresh in a while.' }
    }),
  ),

  listAliases: reads(async (call: StackCall) => {
    const all = matching(await listAliases(call), call.query)
    return listed(call, 'branch_aliases', all, async (_, aliases) => aliases)
  }),

  getAlias: answering(
    OneAlias,
    reads(async (call: StackCall) => ({ branch_alias: await answerAlias(call, await named(call)) })),
  ),

  putAlias: answering(
    OneAlias,
    takes(AliasTarget, async (call: StackCall, { branch_alias: { target_branch } }) => {
      const { ctx, project_id } = call
      const view = await setBranchAlias(ctx, { project_id, uid: aliased(call), branch: target_branch })
      return {
        notice: 'Branch alias assigned successfully.',
        branch_alias: await answerAlias(call, view),
      }
    }),
  ),

  removeAlias: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      await removeBranchAlias(call.ctx, { project_id: call.project_id, uid: aliased(call) })
      return { notice: 'Branch alias deleted successfully.' }
    }),
  ),
}

function named(call: StackCall): Promise<AliasView> {
  return getBranchAlias(call.ctx, { project_id: call.project_id, uid: aliased(call) })
}

async function answerBranches(call: StackCall, views: readonly BranchView[]): Promise<BranchAnswer[]> {
  const [aliases, users] = await Promise.all([
    listBranchAliases(call.ctx, { project_id: call.project_id }),
    authorsOf(call.ctx, views),
  ])
  return views.map(({ id, uid, source, created_by, created_at }) => ({
    ...{ uid, source: source ?? '' },
    alias: aliases.filter(({ branch_id }) => branch_id === id).map((alias) => ({ uid: alias.uid })),
    ...{ created_by: users(created_by), updated_by: users(created_by) },
    ...{ created_at: writeTime(created_at), updated_at: writeTime(created_at) },
  }))
}

async function answerBranch(call: StackCall, view: BranchView): Promise<BranchAnswer> {
  const [answer] = (await answerBranches(call, [view])) as [BranchAnswer]
  return answer
}

async function listAliases(call: StackCall): Promise<AliasAnswer[]> {
  const { ctx, project_id } = call
  return answerAliases(call, await listBranchAliases(ctx, { project_id }))
}

async function answerAliases(call: StackCall, views: readonly AliasView[]): Promise<AliasAnswer[]> {
  const { ctx, project_id } = call
  const [all, users] = await Promise.all([listBranches(ctx, { project_id }), authorsOf(ctx, views)])
  const sources = new Map(all.map(({ id, source }) => [id, source ?? '']))
  return views.map((alias) => ({
    ...{ uid: alias.branch, source: sources.get(alias.branch_id) ?? '', alias: alias.uid },
    ...{ created_by: users(alias.created_by), updated_by: users(alias.updated_by) },
    ...{ created_at: writeTime(alias.created_at), updated_at: writeTime(alias.updated_at) },
  }))
}

async function answerAlias(call: StackCall, view: AliasView): Promise<AliasAnswer> {
  const [answer] = (await answerAliases(call, [view])) as [AliasAnswer]
  return answer
}

/** Of `query`, branches and aliases are asked for by the branch's uid and its source, aliases also by their name. */
function matching<T extends { uid: string; source: string | null; alias?: string }>(
  all: readonly T[],
  query: Query,
): T[] {
  const { uid, source, alias, ...others } = filter(query)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw invalidField(`query.${unknown}`, 'unknown', 'branches are queried by uid, source and alias only.')
  return all.filter(
    (one) =>
      (uid === undefined || one.uid === uid) &&
      (source === undefined || (one.source ?? '') === source) &&
      (alias === undefined || one.alias === alias),
  )
}

async function listed<T>(
  call: StackCall,
  resource: 'branches' | 'branch_aliases',
  all: readonly T[],
  answer: (call: StackCall, some: readonly T[]) => Promise<readonly object[]>,
): Promise<object> {
  if (flag(call.query, 'count')) return { [resource]: all.length }
  const { limit, offset } = page(call.query)
  const counted = flag(call.query, 'include_count') ? { count: all.length } : {}
  return { [resource]: await answer(call, all.slice(offset, offset + limit)), ...counted }
}
