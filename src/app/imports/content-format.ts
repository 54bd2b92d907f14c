import type { FieldInput, Json, JsonObject } from '#catalogue/content/field.ts'
import type { Annotations } from '#store/columns.ts'
import type { Bytes } from '#ground/blobs.ts'
import type { Context } from '../context.ts'
import type { Place } from '../content/content-place.ts'

/** Something to tell the person who brings content in: of one file, and maybe one thing in it. */
export interface Note {
  kind: 'skipped' | 'changed' | 'not_published'
  file: string
  item?: string
  detail: string
}

/** Where something was published; `environment` is what the files call it. */
export interface PublishedAt {
  environment: string
  locale: string
  version: number
  at: Date | null
}

export interface ForeignLocale {
  code: string
  name?: string
  /** Null: the master. */
  fallback: string | null
  /** What its clients call it by. */
  ref: string
}

export interface ForeignEnvironment {
  name: string
  annotations: Annotations
  ref: string
}

export interface ForeignType {
  uid: string
  title: string
  description: string
  fields: readonly FieldInput[]
  options: JsonObject
  file: string
}

interface ForeignItem {
  uid: string
  /** What it is called there. */
  version: number
  published: readonly PublishedAt[]
}

export interface ForeignFolder {
  uid: string
  name: string
  parent_uid: string | null
  version: number
}

export interface ForeignAsset extends ForeignItem {
  title: string
  filename: string
  content_type: string
  description: string
  tags: readonly string[]
  parent_uid: string | null
  /** Where its bytes may lie, the likeliest first. */
  files: readonly string[]
}

export interface ForeignEntry extends ForeignItem {
  data: JsonObject
  in_progress: boolean
  /** What stands in the data and is no field, unless the type has one of that name. */
  passed_over: readonly string[]
}

/** What came out of a file, and what did not. */
export interface Read<T> {
  items: T[]
  notes: Note[]
}

/** Which files mean what. Paths are as they were sent. */
export interface Outline {
  locales: string[]
  environments: string[]
  types: string[]
  folders: string[]
  assets: string[]
  entries: { path: string; content_type_uid: string; locale: string }[]
  /** Text that is not read. */
  passed: string[]
}

/**
 * A layout of files that content can be brought in from and taken out in. Reading is pure: whatever stands in a file,
 * it answers with what it could make of it and notes about the rest. Paths have no `..`, no empty part, no backslash.
 */
export interface ContentFormat {
  /** What people call it, and the surface whose ids things keep. */
  name: string
  /** How a file is kept until it is read; undefined: not at all. */
  keeps(path: string): 'text' | 'bytes' | undefined
  /** Throws `invalid` (`branch`) where several branches were sent and none of them is named. */
  outline(paths: readonly string[], branch?: string): Outline
  readLocales(file: string, json: Json): Read<ForeignLocale>
  readEnvironments(file: string, json: Json): Read<ForeignEnvironment>
  readTypes(file: string, json: Json): Read<ForeignType>
  readFolders(file: string, json: Json): Read<ForeignFolder>
  readAssets(file: string, json: Json): Read<ForeignAsset>
  readEntries(file: string, json: Json): Read<ForeignEntry>
  /** Where older versions of an entry lie, if they were sent; read as entries, too. `file` is where it lies itself. */
  versionsOf(file: string, uid: string): string
  /** Everything of a branch, as files; each is made when it is asked for. */
  write(ctx: Context, place: Place): AsyncIterable<{ name: string; size: number; content: Bytes }>
}

/** Formats by their names. */
export type ContentFormats = readonly ContentFormat[]
