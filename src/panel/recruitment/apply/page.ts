import type { Tx } from '#src/platform/database/database.ts'
import type { Refusal } from '#src/platform/web/form.ts'
import type { House } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Values } from '#src/promises/vault/vault.ts'
import type { Application } from '../application.ts'
import type { Question, Round } from '../round.ts'

/** What a page of the form stands on. */
export interface Desk {
  tx: Tx
  house: House
  by: Actor
  round: Round
  questions: Question[]
  application: Application
}

export type Form = { [field: string]: unknown }

/** What was taken from a page: values to seal, codes to keep in clear, and where to go first. */
export interface Taken {
  ok: true
  values: Values<'panel'>
  landlordUnlisted?: boolean
  markedSpecial?: boolean
  /** A page that comes before the usual next one. */
  detour?: string
}

/** The page asks again without anything being wrong: "which of these did you mean?". */
export interface AskAgain {
  ok: 'again'
  view: Form
}

/** One question page: its words, how it reads what was sent, and how it looks on "check your answers". */
export interface Page {
  path: string
  title: string
  template: string
  /** What the person said before, as the form fields hold it. */
  recall(desk: Desk): Promise<Form>
  /** Choices and other things the template needs, given the form's values. */
  view?(desk: Desk, form: Form): Promise<Form>
  read(desk: Desk, body: unknown): Promise<Taken | AskAgain | Refusal>
  /** Rows on "check your answers". */
  summary(desk: Desk): Promise<{ key: string; value: string }[]>
}

export function page(definition: Page): Page {
  return definition
}
