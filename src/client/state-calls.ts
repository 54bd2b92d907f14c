import type { NewSchedule, Schedule, ScheduleChange } from '#api/schedule.ts'
import type { State, StateVersion } from '#api/state.ts'
import { environmentPath, type Listed, type Paging, type Send } from './path.ts'

type Fetched = (method: string, path: string) => Promise<Response>

/** What Terraform knows of environments of infrastructure, and what is released there by itself. */
export function stateCalls(send: Send, fetched: Fetched) {
  const schedules = (key: string, name: string) => `${environmentPath(key, name)}/schedules`
  return {
    getState: (key: string, name: string) => send<State>('GET', `${environmentPath(key, name)}/state`),
    listStateVersions: (key: string, name: string, page: Paging = {}) =>
      send<Listed<StateVersion>>('GET', `${environmentPath(key, name)}/state/versions`, undefined, page),
    unlockState: (key: string, name: string, lock_id: string, reason?: string) =>
      send<State>('POST', `${environmentPath(key, name)}/state/unlock`, { lock_id, reason }),
    postRescuedState: (key: string, name: string, blob: string, set_aside?: boolean) =>
      send<State>('POST', `${environmentPath(key, name)}/state/rescue`, { blob, set_aside }),

    listSchedules: (key: string, name: string, page: Paging = {}) =>
      send<Listed<Schedule>>('GET', schedules(key, name), undefined, page),
    createSchedule: (key: string, name: string, input: NewSchedule) =>
      send<Schedule>('POST', schedules(key, name), input),
    getSchedule: (key: string, name: string, id: string) =>
      send<Schedule>('GET', `${schedules(key, name)}/${id}`),
    updateSchedule: (key: string, name: string, id: string, change: ScheduleChange) =>
      send<Schedule>('PATCH', `${schedules(key, name)}/${id}`, change),
    removeSchedule: async (key: string, name: string, id: string): Promise<void> => {
      await fetched('DELETE', `${schedules(key, name)}/${id}`)
    },
  }
}
