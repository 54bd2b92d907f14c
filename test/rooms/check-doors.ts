import { posix } from 'node:path'
import { everything, kindOfExecutor, type Door, type Doors } from './door.ts'
import { readImports, type Import } from './imports.ts'
import type { Tree } from './tree.ts'

/** Where a file of src/ lives. Files directly in a split room have no `sub`: they are its threshold. */
interface Place {
  room: string
  sub?: string
}

/** The room of a path such as `src/surfaces/native/index.ts`, or undefined where there is none of that name. */
function placeOf(path: string, doors: Doors): Place | undefined {
  const [, room = '', sub, ...rest] = path.split('/')
  const door = doors[room]
  if (!door || (sub === undefined) !== room.endsWith('.ts')) return undefined
  return door.split && rest.length > 0 ? { room, sub } : { room }
}

/** Every import through a wrong door, as lines that start with the file and its line. */
export function checkDoors(tree: Tree, doors: Doors): string[] {
  const faults: string[] = []
  for (const [path, text] of tree) {
    if (!path.startsWith('src/') || path.endsWith('.sql')) continue
    const place = placeOf(path, doors)
    const door = place && doors[place.room]
    if (!place || !door) {
      faults.push(`${path}: there is no such room; a new one needs a line in the table of doors`)
      continue
    }
    for (const found of readImports(text)) {
      const fault = faultOf(found, path, place, door, doors)
      if (fault) faults.push(`${path}:${found.line}: ${fault}`)
    }
  }
  return faults
}

function faultOf(found: Import, path: string, place: Place, door: Door, doors: Doors): string | undefined {
  const { specifier } = found
  if (specifier === undefined) return 'an import must name what it imports'
  if (!specifier.startsWith('.') && !specifier.startsWith('#')) {
    return mayUse(door, found) ? undefined : `${name(place)} may not use the package ${specifier}`
  }
  const target = resolve(path, specifier)
  const there = placeOf(target, doors)
  if (!there) return `${specifier} is in no room`
  if (specifier.startsWith('.') && !areTogether(place, there)) {
    return `${specifier} leaves ${name(place)}: write #${target.slice('src/'.length)}`
  }
  return mayOpen(door, place, there, target, found) ? undefined : `${name(place)} may not open ${specifier}`
}

/** In one room, or both on the doorstep: main.ts and config.ts lie side by side. */
function areTogether(one: Place, other: Place): boolean {
  if (one.room.endsWith('.ts')) return other.room.endsWith('.ts')
  return one.room === other.room && one.sub === other.sub
}

/** The path from the repository's root that a relative or `#` import stands for. */
export function resolve(path: string, specifier: string): string {
  return specifier.startsWith('#')
    ? posix.join('src', specifier.slice(1))
    : posix.join(posix.dirname(path), specifier)
}

function mayUse(door: Door, { specifier = '', typeOnly }: Import): boolean {
  return door.packages.some((entry) => {
    const [wanted, remark] = split(entry)
    if (wanted === everything) return true
    if (remark === 'types' && !typeOnly) return false
    return wanted.endsWith('*')
      ? specifier.startsWith(wanted.slice(0, -1))
      : specifier === wanted || specifier.startsWith(`${wanted}/`)
  })
}

function mayOpen(door: Door, from: Place, to: Place, target: string, { typeOnly }: Import): boolean {
  if (from.room === to.room) return to.sub === undefined ? true : from.sub === to.sub
  return door.opens.some((entry) => {
    const [wanted, remark] = split(entry)
    if (wanted === everything) return true
    if (wanted !== to.room && `src/${wanted}.ts` !== target) return false
    if (remark === undefined) return true
    if (remark === 'types') return typeOnly
    if (remark === 'own kind') return from.sub !== undefined && kindOfExecutor[from.sub] === to.sub
    return remark === `${from.sub} only`
  })
}

function split(entry: string): [string, string | undefined] {
  const [, wanted = entry, remark] = /^(.+?)(?: \((.+)\))?$/.exec(entry) ?? []
  return [wanted, remark]
}

function name({ room, sub }: Place): string {
  return sub ? `${room}/${sub}` : room
}
