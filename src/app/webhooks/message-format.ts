import type { FormattedWebhook } from '#store/webhook.ts'
import type { ToldDeployment, ToldEvent, ToldItem } from '#store/webhook-told.ts'
import type { Context } from '../context.ts'

export type { FormattedWebhook, ToldDeployment, ToldEvent, ToldItem }

/** Who writes the messages of a webhook where a surface does not. */
export const standardFormat = 'standard'

/** An event, and the deployment whose end it tells of, if it does. */
export interface Happening {
  event: ToldEvent
  deployment: ToldDeployment | undefined
}

/** What a webhook is told of a happening. */
export interface Selection {
  /** Under which of its topics; none: it is not told. */
  topics: string[]
  /** Whether it may have to be told of the deployment's items, each in a message of its own. */
  items: boolean
}

/** One message to be written. */
export interface Message {
  id: string
  webhook: Omit<FormattedWebhook, 'targets'>
  topics: readonly string[]
  /** None: a ping, or one that is kept no more. */
  happening: Happening | undefined
  /** Of a message about one item. */
  item: ToldItem | undefined
  created_at: Date
}

/** A message that is ready, and where it goes. */
export interface Outgoing {
  id: string
  webhook: Omit<FormattedWebhook, 'targets'>
  /** 0: the webhook's URL; else one of its others. */
  target: number
  body: string
  /** What the webhook keeps secret, in the clear. */
  credentials: string | null
}

/**
 * The words in which the messages of a webhook are written: a surface contributes one, main.ts hands it to whatever
 * makes deliveries. `ctx` has no principal, and inside `select` and `selectItems` its `db` is a transaction: nothing
 * may be written there.
 */
export interface MessageFormat {
  name: string
  /** In the order of the happenings. */
  select(ctx: Context, webhook: FormattedWebhook, happenings: readonly Happening[]): Promise<Selection[]>
  /** Under which topics each of some items of a deployment is told; none: it is not. */
  selectItems(
    ctx: Context,
    webhook: FormattedWebhook,
    happening: Happening,
    items: readonly ToldItem[],
  ): Promise<string[][]>
  /** The bodies, JSON, by the messages' ids. `url` is where others reach this server. */
  write(ctx: Context, messages: readonly Message[], url: string): Promise<ReadonlyMap<string, string>>
  /**
   * By which answers of this surface about these items can be purged from caches, for messages in any words; undefined
   * items: about anything in the environment.
   */
  surrogateKeys?(
    ctx: Context,
    deployment: ToldDeployment,
    items: readonly ToldItem[] | undefined,
  ): Promise<string[]>
  /** The headers to send it with, `content-type` among them. */
  headers(ctx: Context, outgoing: Outgoing): Promise<Record<string, string>>
}

export type MessageFormats = ReadonlyMap<string, MessageFormat>

export const formatsOf = (formats: readonly MessageFormat[]): MessageFormats =>
  new Map(formats.map((format) => [format.name, format]))
