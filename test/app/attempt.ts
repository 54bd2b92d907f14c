import type { Context } from '#app/context.ts'
import type { Principal } from '#domain/principal.ts'
import type { Action } from '#domain/roles.ts'
import type { World } from './world.ts'

/** One way to do an action. */
export interface Attempt {
  action: Action
  what: string
  /** What it is done to: who holds a role on the project only reaches no further. */
  on: 'project' | 'instance'
  /** Another action that is as good. */
  or?: Action
  /** Actions that must be allowed, too. */
  needs?: readonly Action[]
  /** Makes what this attempt needs, as Headgate itself; the answer is an id. */
  prepare?(ctx: Context, world: World, principal: Principal): Promise<string>
  act(ctx: Context, world: World, id: string): Promise<unknown>
}

type Act = Attempt['act']

const on =
  (place: Attempt['on']) =>
  (action: Action, what: string, act: Act, more: Partial<Attempt> = {}): Attempt => ({
    action,
    what,
    on: place,
    act,
    ...more,
  })
export const here = on('project')
export const everywhere = on('instance')
