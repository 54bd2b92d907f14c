import { createContentBase } from '#app/content/create-content-base.ts'
import { transact } from '#app/context.ts'
import { assignExternal } from '#app/external-ids/resolve-external.ts'
import { createProjectIn } from '#app/projects/create-project.ts'
import { listProjectPeople } from '#app/projects/list-project-people.ts'
import { getProject } from '#app/projects/get-project.ts'
import { removeProject } from '#app/projects/remove-project.ts'
import { updateProject } from '#app/projects/update-project.ts'
import { answerStacks } from '../answer-stacks.ts'
import type { stacks } from '../endpoints/stacks.ts'
import { bltOf, organization, surface } from '../ids.ts'
import { masterLocale } from '../master-locale.ts'
import { uidsOf, uidsOfEach } from '../names.ts'
import { refuseReading } from '../management-scope.ts'
import { flag } from '../query.ts'
import { answering, makes, reads, takes, type Routes, type StackCall, type UserCall } from '../route.ts'
import { isObject } from '../translate/leaves.ts'
import { roleNames } from '../translate/role.ts'
import { splitName } from '../translate/user.ts'
import { stackWords, writeStack } from '../translate/stack.ts'
import { NewStack, StackChange, StackSettings } from '../wire.ts'
import { NoticeAnswer, OneStack, type StackAnswer } from '../wire-answers.ts'

export const stackRoutes: Routes<typeof stacks> = {
  create: answering(
    OneStack,
    makes(NewStack, async ({ ctx }: UserCall, { stack }) => {
      const { name, description = '', master_locale = 'en-us' } = stack
      const api_key = bltOf(ctx.newId())
      const project = await transact(ctx, async (unit) => {
        const annotations = { [stackWords.description]: description }
        const made = await createProjectIn(ctx, unit, { name, kind: 'content', annotations })
        await createContentBase(ctx, unit, { project_id: made.id, master_locale })
        await assignExternal(unit.tx, surface, 'stack', made.id, api_key)
        return made
      })
      const users = await uidsOf(ctx, 'user', [project.created_by])
      return {
        notice: 'Stack created successfully.',
        stack: writeStack(project, api_key, master_locale, users),
      }
    }),
  ),

  get: answering(
    OneStack,
    reads(async (call: StackCall) => {
      const stack = await answerStack(call)
      if (!flag(call.query, 'include_collaborators')) return { stack }
      // Every token reads its stack; who people are is told with their roles.
      refuseReading(call.token, ['role'])
      return { stack: { ...stack, collaborators: await answerCollaborators(call) } }
    }),
  ),

  list: reads(answerStacks),

  update: answering(
    OneStack,
    takes(StackChange, async (call: StackCall, { stack: { name, description } }) => {
      const { ctx, project_id } = call
      const { annotations } = await getProject(ctx, { project_id })
      const changed = { ...annotations }
      if (description !== undefined) changed[stackWords.description] = description
      await updateProject(ctx, { project_id, name, annotations: changed })
      return { notice: 'Stack updated successfully.', stack: await answerStack(call) }
    }),
  ),

  remove: answering(
    NoticeAnswer,
    reads(async ({ ctx, project_id }: StackCall) => {
      await removeProject(ctx, { project_id })
      return { notice: 'Stack deleted successfully!' }
    }),
  ),

  settings: reads(async (call: StackCall) => ({ stack_settings: await settingsOf(call) })),

  updateSettings: takes(StackSettings, async (call: StackCall, { stack_settings }) => {
    const { ctx, project_id } = call
    const { annotations } = await getProject(ctx, { project_id })
    const settings = { ...(await settingsOf(call)), ...stack_settings } as Record<string, never>
    await updateProject(ctx, { project_id, annotations: { ...annotations, [stackWords.settings]: settings } })
    return { notice: 'Stack settings updated successfully.', stack_settings: settings }
  }),
}

async function answerStack(call: StackCall): Promise<StackAnswer> {
  const { ctx, project_id, api_key } = call
  const [project, master] = await Promise.all([getProject(ctx, { project_id }), masterLocale(call)])
  return writeStack(project, api_key, master, await uidsOf(ctx, 'user', [project.created_by]))
}

/** Who holds a role here, with the names of what they hold. */
async function answerCollaborators({ ctx, project_id, api_key }: StackCall): Promise<object[]> {
  const people = await listProjectPeople(ctx, { project_id })
  const uids = await uidsOfEach(ctx, 'user', people)
  return people.map(({ id, email, name, disabled, roles }) => ({
    ...{ uid: uids(id), email, username: email, ...splitName(name) },
    ...{ active: !disabled, org_uid: [organization], roles: roleNames(roles, api_key) },
  }))
}

/** Kept for its clients and read by none of us. */
async function settingsOf({ ctx, project_id }: StackCall): Promise<object> {
  const { annotations } = await getProject(ctx, { project_id })
  const settings = annotations[stackWords.settings]
  const empty = { stack_variables: {}, discrete_variables: {} }
  return isObject(settings) ? { ...empty, ...settings } : empty
}
